"""A department's own service, as a program of its own: follows the journal from its cursor file, does its part, and says
so on the bus under a source of its own. Ids follow from what is answered, so that whatever it does again after a kill is a
duplicate. `department.py RUNTIME CURSOR district|bureau ORGANISATION [UNIT...]`; prints what became of each event."""

import json
import pathlib
import sys

import zmq


class Department:
    """`organisation` is who it is; its source is /departments/ORGANISATION."""

    wants = []

    def __init__(self, runtime, cursor, organisation, units):
        self.organisation, self.units = organisation, units
        self.source = f"/departments/{organisation}"
        self.cursor = pathlib.Path(cursor)
        self.context = zmq.Context()
        self.query, self.ingest = (self.connect(f"ipc://{runtime}/{name}.sock") for name in ("query", "ingest"))
        self.tasks, self.open = {}, {}

    def connect(self, endpoint):
        socket = self.context.socket(zmq.REQ)
        socket.connect(endpoint)
        return socket

    def run(self):
        after = int(self.cursor.read_text()) if self.cursor.exists() else 0
        while True:
            self.query.send_json({"jsonrpc": "2.0", "id": after, "method": "journal.read", "params": {
                "after": after, "types": self.wants, "wait_ms": 60000, "limit": 1000}})
            answer = self.query.recv_json()["result"]
            for event in answer["events"]:
                for number, (kind, data) in enumerate(self.answer(event["type"], event["data"])):
                    self.publish(kind, data, f"{event['sequence']}-{number}")
            after = answer["next"]
            self.cursor.write_text(str(after))

    def publish(self, kind, data, id):
        self.ingest.send_json({"specversion": "1.0", "id": id, "source": self.source, "type": kind, "data": data})
        result = self.ingest.recv_json()["results"][0]
        print(json.dumps([kind, result["status"], result.get("message")], ensure_ascii=False), flush=True)


class District(Department):
    """Passes on downwards what comes from above, and upwards what came of it."""

    wants = ["notice.issued", "task.assigned", "task.reported"]

    def answer(self, kind, data):
        if kind == "notice.issued" and self.organisation in data["to"]:
            yield "notice.received", {"notice": data["notice"], "organisation": self.organisation,
                                      "by": f"{self.organisation}:office"}
            yield "notice.issued", {**data, "notice": f"{data['notice']}:{self.organisation}", "to": self.units,
                                    "number": f"{data['number']}(转)"}
        elif kind == "task.assigned" and data["organisation"] == self.organisation:
            self.open[data["task"]] = set(self.units)
            for unit in self.units:
                yield "task.assigned", {**data, "task": f"{data['task']}:{unit}", "organisation": unit, "owner": f"{unit}:zhuren",
                                        "notice": f"{data['notice']}:{self.organisation}"}
        elif kind == "task.reported":
            above, _, unit = data["task"].rpartition(":")
            if unit in self.open.get(above, ()):
                yield "task.accepted", {"task": data["task"], "by": f"{self.organisation}:office"}
                self.open[above].discard(unit)
                if not self.open[above]:
                    yield "task.reported", {"task": above, "evidence": data["evidence"], "by": f"{self.organisation}:office"}


class Bureau(Department):
    """Files every team that forms by itself, whoever told of it."""

    wants = ["team.formed"]

    def answer(self, kind, data):
        if data["legal_status"] == "grassroots":
            yield "team.updated", {"team": data["team"], "changes": {"legal_status": "filed"}}


if __name__ == "__main__":
    RUNTIME, CURSOR, ROLE, ORGANISATION, *UNITS = sys.argv[1:]
    {"district": District, "bureau": Bureau}[ROLE](RUNTIME, CURSOR, ORGANISATION, UNITS).run()
