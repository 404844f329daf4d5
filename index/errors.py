"""The one error a person sees: what is wrong, where, and the mend."""


class BudgetError(Exception):
    """Bad input or a missing part, told so that a clerk can act on it.

    >>> str(BudgetError("文件是空的", place="a.txt", mend="换一个文件"))
    'a.txt：文件是空的。处理办法：换一个文件'
    """

    def __init__(self, what: str, *, place: str = "", mend: str = "") -> None:
        self.what, self.place, self.mend = what, place, mend
        text = f"{place}：{what}" if place else what
        super().__init__(f"{text}。处理办法：{mend}" if mend else text)
