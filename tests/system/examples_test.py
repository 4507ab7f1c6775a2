"""scripts/examples: rules of the kind that cities have, each with its cases."""
import unittest

from harness import ROOT
from small_city import QueryTest

EXAMPLES = sorted((ROOT / "scripts" / "examples").glob("*.lua"))


class ExamplesTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_city(cls.addClassCleanup)
        cls.city.define_basics()

    def test_each_passes_its_check_and_its_cases(self):
        self.assertGreater(len(EXAMPLES), 5)
        for path in EXAMPLES:
            with self.subTest(example=path.name):
                verdict = self.ask("policy.check", text=path.read_text(encoding="utf-8"), file=path.name)
                self.assertTrue(verdict["ok"], verdict)
                self.assertEqual(verdict["complaints"], [])
                self.assertGreaterEqual(len(verdict["cases"]), 4)

    def test_each_is_named_like_its_file(self):
        for path in EXAMPLES:
            self.assertIn(f'name = "{path.stem}"', path.read_text(encoding="utf-8"))

    def test_the_manual_lists_each(self):
        manual = (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")
        for path in EXAMPLES:
            self.assertIn(f"`{path.stem}`", manual)


if __name__ == "__main__":
    unittest.main()
