"""Texts → unit vectors, with a sentence-transformers model in a local folder."""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.errors import BudgetError
from index.offline import stay_offline

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

stay_offline()

Vectors = npt.NDArray[np.float32]

MODEL_VARIABLE = "BUDGET_EMBEDDING"
DEFAULT_FOLDER = Path(__file__).resolve().parents[1] / "models" / "multilingual-e5-small"
"""Where `python -m index.embedding_model` writes, and where we look when nothing else is said."""

BATCH = 16
"""Texts a forward pass. Measured with short passages on 2 cores: 170 a second at 16, 60 at 64,
because every text is padded to the longest of its batch."""
MOST_THREADS = 8
"""One small forward pass gains nothing from more, and the page serves several people at once."""
PASSAGE, QUERY = ("passage", "document"), ("query",)
"""Names under which models keep the words they want before a text; some models want none."""
SAMPLES, SAMPLE_BYTES = 64, 4096


class NoModel(BudgetError):
    """There is no embedding model in the folder; everything that needs none still works."""


def model_folder() -> Path:
    """The folder of the model in use: `$BUDGET_EMBEDDING`, else `DEFAULT_FOLDER`."""
    named = os.environ.get(MODEL_VARIABLE, "").strip()
    return Path(named).expanduser() if named else DEFAULT_FOLDER


class Embedder:
    """A model that loads at the first text (1 s, and 4 s of imports), not when it is made.

    Safe to share between threads. The same texts give the same vectors, in whatever order.

    >>> Embedder(Path("/no/such/folder")).embed_query("三公经费")
    Traceback (most recent call last):
    ...
    index.embed.NoModel: /no/such/folder：这里没有嵌入模型。处理办法：...
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: of a sentence-transformers model; `model_folder()` when none is given."""
        self.folder = folder or model_folder()
        self._lock = Lock()
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def name(self) -> str:
        """Folder name and fingerprint; vectors of different names must not be compared."""
        self._require()
        return f"{self.folder.name}-{fingerprint(self.folder)}"

    @property
    def dimensions(self) -> int:
        """Length of a vector; 384 for the model we build."""
        with self._lock:
            return int(self._model().get_embedding_dimension() or 0)

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """One unit vector a text, float32 of shape (texts, dimensions), in the order given.

        `on_progress(done, total)` is called after each batch, counting distinct texts.
        """
        distinct = by_length(texts)
        vectors = np.empty((len(distinct), self.dimensions), dtype=np.float32)
        for start in range(0, len(distinct), BATCH):
            batch = distinct[start : start + BATCH]
            vectors[start : start + len(batch)] = self._encode(batch, PASSAGE)
            if on_progress:
                on_progress(start + len(batch), len(distinct))
        rows = {text: row for row, text in enumerate(distinct)}
        return vectors[[rows[text] for text in texts]]

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a question, float32 of shape (dimensions,)."""
        vector: Vectors = self._encode([text], QUERY)[0]
        return vector

    def _encode(self, batch: list[str], prompts: tuple[str, ...]) -> Vectors:
        with self._lock:
            model = self._model()
            vectors = model.encode(
                batch,
                prompt_name=next((name for name in prompts if name in model.prompts), None),
                batch_size=BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def _model(self) -> "SentenceTransformer":
        if self._loaded is None:
            self._require()
            self._loaded = load(self.folder)
        return self._loaded

    def _require(self) -> None:
        if not (self.folder / "modules.json").is_file():
            raise NoModel(
                "这里没有嵌入模型",
                place=str(self.folder),
                mend="运行 python -m index.embedding_model 生成；"
                f"或将环境变量 {MODEL_VARIABLE} 设为本机另一个 sentence-transformers 模型的文件夹",
            )


def by_length(texts: Iterable[str]) -> list[str]:
    """Distinct texts, the shortest first: neighbours share a batch and little is padded.

    Those of one length go by their characters, so that a batch, and with it the last digit of a
    vector, does not depend on the order in which texts came.

    >>> by_length(["收入", "支出", "预算编制", "收入"])
    ['支出', '收入', '预算编制']
    """
    return sorted(set(texts), key=lambda text: (len(text), text))


def load(folder: Path) -> "SentenceTransformer":
    """The model in `folder`, on the processor, with as many threads as this process may use."""
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # else each start draws one over the answer
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(min(usable_processors(), MOST_THREADS))
    try:
        # Never on an accelerator: its sums differ in the last digits from machine to machine.
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise NoModel(
            f"嵌入模型无法读取（{error}）",
            place=str(folder),
            mend="删除该文件夹后运行 python -m index.embedding_model 重新生成",
        ) from error


def usable_processors() -> int:
    """Processors this process may run on; fewer than the machine has inside many containers."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fingerprint(folder: Path) -> str:
    """Twelve hex digits that change when a file that shapes the vectors does.

    Of each file we hash name, size and samples spread over it: training moves every weight, so
    samples see it, and a model of any size answers in milliseconds.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not inner.parts[0].startswith(".") and path.suffix != ".md":
            digest.update(f"{inner.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(_samples(path))
    return digest.hexdigest()[:12]


def _samples(path: Path) -> bytes:
    """All of a small file; of a large one `SAMPLES` pieces from its first byte to its last."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= SAMPLES * SAMPLE_BYTES:
            return file.read()
        taken = bytearray()
        for number in range(SAMPLES):
            file.seek(number * (size - SAMPLE_BYTES) // (SAMPLES - 1))
            taken += file.read(SAMPLE_BYTES)
        return bytes(taken)
