"""Several invented budgets for one index: departments, years, kinds of account, a unit's own."""

from collections.abc import Mapping
from pathlib import Path

from assistant.chain import Assistant
from index.read import read_budget
from index.store import Store
from tests.budget_texts import tabbed

BUDGET = """
{who}{year}{kind}

一、{what}表

收入支出总表
金额单位：{unit}
项 目 | {head}
事业收入 | {income}
收入总计 | {total}

“三公”经费支出表
金额单位：{unit}
项 目 | {head}
合计 | {three}
公务接待费 | {reception}
公务用车运行维护费 | {cars}

二、{what}情况说明

{who}{year}年机关运行经费{office}{unit}。
"""


def budget(
    who: str,
    year: int,
    reception: str,
    *,
    unit: str = "万元",
    income: str = "50.00",
    cars: str = "12.00",
    office: str = "30.00",
    kind: str = "部门预算",
) -> str:
    reception_, cars_ = (float(n.replace(",", "")) for n in (reception, cars))
    final = "决算" in kind
    return BUDGET.format(
        who=who,
        year=year,
        kind=f"年度{kind}" if final else f"年{kind}",
        what=kind,
        head="决算数" if final else "预算数",
        unit=unit,
        income=income,
        total=income,
        three=f"{reception_ + cars_:,.2f}",
        reception=reception,
        cars=cars,
        office=office,
    )


WATER, HEALTH, SCHOOLS = "青禾县水务局", "白石市卫生健康委员会", "白石市教育局"
STATION = "青禾县水文站"

DEPARTMENT = """
青禾县水务局2024年部门预算

收入预算表
金额单位：万元
单位名称 | 合计 | 财政拨款收入 | 事业收入
合计 | 900.00 | 850.00 | 50.00
青禾县水务局机关 | 600.00 | 600.00 |
青禾县水文站 | 300.00 | 250.00 | 50.00

“三公”经费支出表
金额单位：万元
项 目 | 预算数
合计 | 16.00
公务接待费 | 4.00
公务用车运行维护费 | 12.00
"""

OWN = """
青禾县水文站2024年单位预算

收入预算表
金额单位：万元
项 目 | 预算数
财政拨款收入 | 250.00
事业收入 | 50.00
收入总计 | 300.00

项目支出表
金额单位：万元
项目名称 | 预算数
合计 | 80.00
水位监测 | 80.00
"""

SHELF: dict[str, str] = {
    "water-2024.txt": DEPARTMENT,
    "water-2023.txt": budget(WATER, 2023, "3.00"),
    "health-2024.txt": budget(
        HEALTH, 2024, "52,000.00", unit="元", income="800,000.00", cars="99,000.00"
    ),
    "health-final-2024.txt": budget(
        HEALTH, 2024, "48,000.00", unit="元", kind="部门决算", cars="90,000.00"
    ),
    "schools-2024.txt": budget(SCHOOLS, 2024, "7.00"),
    "station-2024.txt": OWN,
}


def shelved(folder: Path, texts: Mapping[str, str], document: str = "") -> Assistant:
    store = Store(folder)
    for name, text in texts.items():
        content = tabbed(text).encode()
        store.add(read_budget(name, content), content)
    return Assistant(folder, document)
