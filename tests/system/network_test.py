"""The organisation network through the daemon: what a kill and a replay keep, and a dead person's identity."""

import unittest

from harness import CITY, COMMUNITY, COUNTY, ORGANISATION, DaemonTest, city_events, event, identity_number, volunteer

EVIDENCE = {"digest": "sha256:1", "note": "验收单"}
PARTS = ("staff", "funds", "venue", "team")


def network():
    """One of everything, some of it ended again."""
    unit = {"kind": "organisation", "id": ORGANISATION}
    yield event("document.registered", {"document": "doc:1", "title": "决定", "number": "1号", "issued_by": "市文明委",
                                        "on": "2023-01-10"})
    yield event("civilised_title.awarded", {"subject": unit, "title": "unit", "level": "municipal",
                                            "on": "2023-01-10", "document": "doc:1"})
    yield event("civilised_title.reviewed", {"subject": unit, "title": "unit", "level": "municipal",
                                             "on": "2023-02-10", "outcome": "passed"})
    yield event("plan.set", {"plan": "plan:1", "subject": {"kind": "region", "id": COUNTY},
                             "measure": "stations_built", "target": 47, "due": "2023-12-31"})
    yield event("plan.set", {"plan": "plan:1", "subject": {"kind": "region", "id": CITY},
                             "measure": "stations_built", "target": 122, "due": "2023-12-31"})
    for n in (1, 2):
        yield event("station.planned", {"station": f"station:{n}", "region": COMMUNITY, "name": "志愿服务工作站",
                                        "due": "2023-10-31"})
        for part in PARTS:
            yield event("station.progressed", {"station": f"station:{n}", "part": part, "done": True, "by": "clerk:1",
                                               "evidence": EVIDENCE, "on": "2023-05-01"})
        yield event("station.built", {"station": f"station:{n}", "on": "2023-05-02", "evidence": EVIDENCE})
        yield event("station.opened", {"station": f"station:{n}", "on": "2023-05-03"})
    yield event("station.closed", {"station": "station:2", "on": "2023-05-04"})
    for n in (1, 2):
        yield event("team.formed", {"team": f"team:{n}", "name": "队伍", "category": "elderly",
                                    "organisation": ORGANISATION, "legal_status": "filed"})
        yield event("team.joined", {"team": f"team:{n}", "volunteer": "v:1"})
        yield event("team.joined", {"team": f"team:{n}", "volunteer": "v:2"})
    yield event("team.left", {"team": "team:1", "volunteer": "v:2"})
    yield event("team.updated", {"team": "team:1", "changes": {"name": "爱心队"}})
    yield event("team.dissolved", {"team": "team:2", "successor": "team:1"})
    for n in (1, 2):
        yield event("project.defined", {"project": f"project:{n}", "title": "项目", "category": "ecology",
                                        "organisation": ORGANISATION, "station": "station:1"})
    yield event("project.closed", {"project": "project:2"})
    yield event("volunteer.linked", {"volunteer": "v:1", "system": "全国平台", "external": "62050001"})
    yield event("volunteer.moved", {"volunteer": "v:1", "region": COUNTY})


class NetworkTest(DaemonTest):
    def start(self):
        daemon = self.daemon()
        daemon.start()
        self.assert_stored(daemon.publish(city_events(volunteers=0)))
        self.assert_stored(daemon.publish([volunteer(f"v:{n}", serial=n) for n in (1, 2)]))
        return daemon

    def test_it_outlives_a_kill_and_a_replay_rebuilds_it(self):
        daemon = self.start()
        self.assert_stored(daemon.publish(list(network())))
        before = daemon.query("region.get", region=CITY)["counters"]
        for name, value in {"stations_planned": 1, "stations_built": 1, "stations_opened": 1, "stations_venue": 1,
                            "teams": 1, "projects": 1, "units_municipal": 1}.items():
            self.assertEqual(before[name], value, name)
        daemon.kill()
        daemon.start()
        self.assertEqual(daemon.query("region.get", region=CITY)["counters"], before)
        self.assertEqual(daemon.run_job("journal.replay")["state"], "done")

    def test_the_identity_of_who_died_stays_taken(self):
        daemon = self.start()
        self.assert_stored(daemon.publish([volunteer(f"v:{n}", serial=n) for n in (3, 4)]))
        self.assert_stored(daemon.publish([
            event("volunteer.died", {"volunteer": "v:3", "on": "2023-03-01"}),
            event("volunteer.withdrawn", {"volunteer": "v:4", "on": "2023-03-01"})]))
        self.assert_rejected(daemon.publish_one(volunteer("v:5", serial=3)), "identity_known",
                             field="data.identity.number")
        self.assert_stored(daemon.publish([volunteer("v:6", serial=4)]))

    def test_what_looks_like_an_identity_number_is_no_id_of_another_system(self):
        daemon = self.start()
        for external in (identity_number(9), "13812345678"):
            answer = daemon.publish_one(event("volunteer.linked", {"volunteer": "v:1", "system": "全国平台",
                                                                   "external": external}))
            self.assert_rejected(answer, "identity_in_identifier", field="data.external")
            self.assertNotIn(external, daemon.log_text())


if __name__ == "__main__":
    unittest.main()
