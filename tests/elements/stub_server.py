"""The server's side of the queue as the elements expect it: entries kept once by id, values moved by base."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

Cell = tuple[str, str, str | None, str]


@dataclass
class Store:
    """What the tests look into. It survives the process when `HARNESS_STORE` names a file."""

    log: dict[str, dict[str, Any]] = field(default_factory=dict)
    current: dict[Cell, dict[str, Any]] = field(default_factory=dict)
    proposed: dict[Cell, dict[str, Any]] = field(default_factory=dict)
    attachments: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: int = 0

    def take(self, entry: dict[str, Any]) -> None:
        if entry["id"] in self.log:
            return
        self.log[entry["id"]] = entry
        cell = (entry["visit"], entry["row"], entry["lot"], entry["field"])
        version = self.current.get(cell, {}).get("id")
        if entry["base"] == version:
            self.current[cell] = entry
            self.proposed.pop(cell, None)
        else:
            self.proposed[cell] = entry

    def value(self, visit: str, row: str, lot: str | None, name: str) -> tuple[Any, str | None]:
        entry = self.current.get((visit, row, lot, name), {})
        return entry.get("value"), entry.get("id")

    def conflict(self, cell: Cell) -> dict[str, Any] | None:
        if cell not in self.proposed:
            return None
        visit, row, lot, name = cell
        now, met = self.current.get(cell, {}), self.proposed[cell]
        return {
            "visit": visit,
            "row": row,
            "lot": lot,
            "field": name,
            "value": now.get("value"),
            "version": now.get("id"),
            "by": now.get("user", "nobody"),
            "proposed": met["value"],
            "proposed_by": met["user"],
        }


def _opened() -> Store:
    store = Store()
    path = os.environ.get("HARNESS_STORE")
    if path and Path(path).exists():
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            store.take(json.loads(line))
    return store


STORE = _opened()


async def entries(request: Request) -> JSONResponse:
    STORE.requests += 1
    sent = (await request.json())["entries"]
    rejected = [{"id": one["id"], "reason": "not on the price list"} for one in sent if one["value"] == 666]
    wanted = [one for one in sent if one["value"] != 666]
    path = os.environ.get("HARNESS_STORE")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in wanted if one["id"] not in STORE.log)
    for one in wanted:
        STORE.take(one)
    cells = {(one["visit"], one["row"], one["lot"], one["field"]) for one in wanted}
    conflicts = [found for cell in cells if (found := STORE.conflict(cell))]
    held = [one["id"] for one in wanted]
    return JSONResponse({"held": held, "rejected": rejected, "saved_at": "10:32", "conflicts": conflicts})


async def attachments(request: Request) -> JSONResponse:
    body = await request.body()
    query = dict(request.query_params)
    STORE.attachments.setdefault(
        query["id"], {**query, "type": request.headers["content-type"], "size": len(body)}
    )
    return JSONResponse({"held": query["id"], "saved_at": "10:33"})


async def stored(_: Request) -> JSONResponse:
    return JSONResponse(
        {
            "log": list(STORE.log.values()),
            "current": [{"value": one["value"], **one} for one in STORE.current.values()],
            "conflicts": [STORE.conflict(cell) for cell in STORE.proposed],
            "attachments": list(STORE.attachments.values()),
            "requests": STORE.requests,
        }
    )


async def enter_elsewhere(request: Request) -> JSONResponse:
    """Another device enters a value, on top of what is current."""
    entry = await request.json()
    cell = (entry["visit"], entry["row"], entry["lot"], entry["field"])
    STORE.take({**entry, "base": STORE.current.get(cell, {}).get("id")})
    return JSONResponse({})
