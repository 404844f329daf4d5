"""What an Office file must pass before a library opens it: limits, names, macros, passwords."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from index.errors import BudgetError

MOST_BYTES = 256 << 20
"""Unpacked. The largest published budget met unpacks to 12 MB."""
MOST_PART_BYTES = 96 << 20
"""Of one part of XML: its tree takes up to ten times that in memory."""
MOST_ENTRIES = 10_000
MOST_RATIO = 200
"""A sheet of blank cells packs to one fiftieth; a bomb to one thousandth."""
SMALL = 4 << 20
"""Below this a high ratio does no harm."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
DEFAULT_PASSWORD = "VelvetSweatshop"
"""Excel's own, with which it opens a file that is only write-protected without asking (MS-OFFCRYPTO
2.4.2.3)."""
MACRO_PARTS = ("vbaproject.bin", "/macrosheets/", "/dialogsheets/", "vbadata.xml")
MANIFEST = "[Content_Types].xml"
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(?=\w)")
USUAL = rb"http://schemas.openxmlformats.org/\1/2006/"
"""Namespaces of ISO/IEC 29500 Strict, and of Transitional, which all programs write by default."""
UNLOCK = "请用 Office 或 WPS 打开（要输入密码），去掉密码后另存再收录"
AGAIN = "请重新下载，或用 {} 打开后另存为 {}"
HARMFUL = "请向发布单位索取原文件；确认来源可信时，用 {} 打开后另存为 {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An Office format as a person knows it."""

    name: str
    ending: str
    program: str
    main: str
    """What the content type of the main part contains."""
    macro_endings: tuple[str, ...] = ()

    @property
    def again(self) -> str:
        return AGAIN.format(self.program, self.ending)

    @property
    def harmful(self) -> str:
        return HARMFUL.format(self.program, self.ending)


DOCX = Kind(
    name="DOCX",
    ending=".docx",
    program="Word 或 WPS",
    main="wordprocessingml",
    macro_endings=(".docm", ".dotm"),
)
XLSX = Kind(
    name="XLSX",
    ending=".xlsx",
    program="Excel 或 WPS",
    main="spreadsheetml",
    macro_endings=(".xlsm", ".xltm", ".xlam"),
)
XLS = Kind(name="XLS", ending=".xlsx", program="Excel 或 WPS", main="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A zip that may be opened."""

    content: bytes
    warnings: tuple[str, ...] = ()


@contextmanager
def readable(name: str, kind: Kind) -> Iterator[None]:
    """Whatever a library raises over a broken file becomes the error that a person sees."""
    try:
        yield
    except BudgetError:
        raise
    except Exception as error:  # libraries raise anything over broken files
        raise BudgetError(
            f"{kind.name} 文件已损坏，读不出来（{type(error).__name__}）",
            place=name,
            mend=kind.again,
        ) from error


def require_package(name: str, content: bytes, kind: Kind) -> Package:
    """The file's zip, unlocked where only Excel's own password locks it.

    Raises BudgetError for what is no such file, is broken, locked, has macros or is a bomb.
    """
    if name.lower().endswith(kind.macro_endings or "\0"):
        raise _macros(name, kind)
    if content.startswith(OLE):
        content = unlocked(name, content)
    with readable(name, kind):
        if not content.startswith(ZIP):
            raise BudgetError(f"不是 {kind.name} 文件", place=name, mend=kind.again)
        return _checked(name, content, kind)


def unlocked(name: str, content: bytes) -> bytes:
    """An OLE file without its password, if it has none or Excel's own.

    Raises BudgetError where a person must give the password.
    """
    import msoffcrypto

    out = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not file.is_encrypted():
            return content
        _decrypt(file, out)
    except Exception as error:
        if not _says_encrypted(content):
            return content
        raise BudgetError("文件加了密码，打不开", place=name, mend=UNLOCK) from error
    return out.getvalue()


def _decrypt(file: Any, out: IO[bytes]) -> None:
    """Raises where another password than Excel's own is needed."""
    if file.format == "ooxml":
        file.load_key(password=DEFAULT_PASSWORD, verify_password=True)
    else:
        file.load_key(password=DEFAULT_PASSWORD)
    file.decrypt(out)


def _says_encrypted(content: bytes) -> bool:
    """By the names of its streams, or by the record that begins an encrypted .xls."""
    import msoffcrypto

    if "EncryptedPackage".encode("utf-16-le") in content:
        return True
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted())
    except Exception:  # no Office file at all; its reader says so
        return False


def _checked(name: str, content: bytes, kind: Kind) -> Package:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise BudgetError(
            f"{kind.name} 文件不完整：末尾的目录缺失", place=name, mend=kind.again
        ) from None
    with archive:
        entries = archive.infolist()
        _require_names(name, entries, kind)
        _require_sizes(name, entries, kind)
        _require_kind(name, archive, kind)
        embedded = _require_parts(name, archive, kind)
        content = _transitional(archive) if _is_strict(archive) else content
    return Package(content=content, warnings=_warnings(embedded))


def _is_strict(archive: zipfile.ZipFile) -> bool:
    rels = archive.read("_rels/.rels") if "_rels/.rels" in archive.namelist() else b""
    return bool(STRICT.search(rels))


def _transitional(archive: zipfile.ZipFile) -> bytes:
    """The file with the usual names, where it is saved as "Strict Open XML" with names of its own:
    the libraries know only the usual ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in archive.namelist():
            data = archive.read(name)
            target.writestr(name, STRICT.sub(USUAL, data) if _is_xml(name) else data)
    return out.getvalue()


def _refused(name: str, entry: str, what: str, kind: Kind) -> BudgetError:
    return BudgetError(f"压缩包里的“{entry[:80]}”{what}", place=name, mend=kind.harmful)


def _require_names(name: str, entries: Sequence[zipfile.ZipInfo], kind: Kind) -> None:
    if len(entries) > MOST_ENTRIES:
        what = f"压缩包里有 {len(entries)} 个文件，超过 {MOST_ENTRIES} 个"
        raise BudgetError(what, place=name, mend=kind.harmful)
    seen: set[str] = set()
    for entry in entries:
        path = entry.orig_filename.replace("\\", "/")
        if path.startswith("/") or path[1:2] == ":" or ".." in PurePosixPath(path).parts:
            raise _refused(name, path, "的路径指向文件之外", kind)
        if path.lower() in seen:
            raise _refused(name, path, "出现了两次，无法知道哪个是真的", kind)
        if entry.flag_bits & 1:
            raise BudgetError(f"压缩包里的“{path[:80]}”加了密码", place=name, mend=UNLOCK)
        seen.add(path.lower())


def _require_sizes(name: str, entries: Sequence[zipfile.ZipInfo], kind: Kind) -> None:
    """By the sizes that the directory gives: zipfile reads no byte beyond them."""
    total = 0
    for entry in entries:
        size, packed = entry.file_size, max(entry.compress_size, 1)
        total += size
        if size > SMALL and size > MOST_RATIO * packed:
            raise _refused(name, entry.filename, f"解压后是压缩时的 {size // packed} 倍", kind)
        if size > MOST_PART_BYTES and _is_xml(entry.filename):
            raise _refused(name, entry.filename, f"解压后有 {size >> 20} MB", kind)
    if total > MOST_BYTES:
        raise BudgetError(
            f"解压后有 {total >> 20} MB，超过 {MOST_BYTES >> 20} MB", place=name, mend=kind.harmful
        )


def _require_kind(name: str, archive: zipfile.ZipFile, kind: Kind) -> None:
    if MANIFEST not in archive.namelist():
        raise BudgetError(
            f"不是 {kind.name} 文件：压缩包里没有 {MANIFEST}", place=name, mend=kind.again
        )
    manifest = archive.read(MANIFEST).lower()
    names = [f"/{entry.lower()}" for entry in archive.namelist()]
    if b"macroenabled" in manifest or any(p in entry for entry in names for p in MACRO_PARTS):
        raise _macros(name, kind)
    if kind.main.encode() not in manifest:
        raise BudgetError(f"不是 {kind.name} 文件", place=name, mend=kind.again)


def _macros(name: str, kind: Kind) -> BudgetError:
    return BudgetError(
        "文件带有宏，不读取", place=name, mend=f"用 {kind.program} 另存为 {kind.ending}（不带宏）"
    )


def _is_xml(entry: str) -> bool:
    return entry.lower().endswith((".xml", ".rels", ".vml"))


def _require_parts(name: str, archive: zipfile.ZipFile, kind: Kind) -> list[str]:
    """No part declares a document type or is an archive; the embedded files, which nobody opens."""
    embedded = []
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        if _is_xml(entry.filename):
            _require_plain(name, archive, entry, kind)
        elif "/embeddings/" in f"/{entry.filename.lower()}":
            embedded.append(entry.filename)
        elif archive.open(entry).read(4) == ZIP:
            raise _refused(name, entry.filename, "又是一个压缩包", kind)
    return embedded


def _require_plain(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: Kind) -> None:
    """The head of a part, up to its first element: entities are declared there or nowhere."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    try:
        with archive.open(entry) as stream:
            next(iterparse(stream, events=("start",), forbid_dtd=True), None)
    except DefusedXmlException:
        raise _refused(name, entry.filename, "声明了 XML 实体，可能是攻击", kind) from None
    except Exception:  # broken: the library says so if it needs this part
        return


def _warnings(embedded: Sequence[str]) -> tuple[str, ...]:
    # A chart's own data is a workbook too; what a person embeds is an object or a document.
    objects = [name for name in embedded if not name.lower().endswith(".xlsx")]
    sheets = len(embedded) - len(objects)
    counts = [f"{len(objects)} 个嵌入对象" * bool(objects), f"{sheets} 个嵌入的表格" * bool(sheets)]
    told = "、".join(filter(None, counts))
    return (f"文件里有{told}，其中的内容没有读取",) if told else ()
