"""One validation that many tests look at, with later figures of a made-up kind."""

from pathlib import Path

import pytest

import migsim as ms

LATER = {
    "stocks.csv": "origin,destination,stock_2000,stock_2012\n"
    "MEX,USA,9000000,12000000\nDZA,FRA,1300000,1400000\nIND,ARE,900000,2900000\nTUR,DEU,1600000,1500000\n",
    "refugees.csv": "origin,host,year,refugees\nSYR,TUR,2013,585000\nSYR,LBN,2013,851000\n"
    "SYR,JOR,2013,585000\n",
    "money.csv": "iso3,year,remittances_received\n"
    "MEX,2009,22000\nPHL,2009,19700\nIND,2009,49000\nMAR,2009,6300\n"
    "MEX,2008,26000\nPHL,2008,18600\nIND,2008,50000\nMAR,2008,6900\n",
    "shares.csv": "state,year,immigrants\nDEU,2012,0.13\nFRA,2012,0.12\nUSA,2012,0.14\nJPN,2012,0.018\n",
}


@pytest.fixture(scope="session")
def later_files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("later")
    for name, text in LATER.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in LATER]


@pytest.fixture(scope="session")
def validation(later_files) -> ms.Validation:
    """The shipped world with two ranged ones; if it falls short, one elasticity is asked why, not all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("migsim.validation.stocks.elasticities", lambda: ("world.flows.network",))
        return ms.validate(later_files, worlds=2)
