#!/usr/bin/env python3
"""Tries the documents: the README's examples are run as they are printed, every `parley` command line in a document uses
commands and options that exist, every path that curl is shown with is one that the server answers, and every link
between documents leads somewhere.

usage: documents_test.py PARLEY"""

import functools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PARLEY = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else ROOT / "build/debug/bin/parley"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
ENDS_COMMAND = {"|", "||", "&&", ";", ">", ">>", "<", "&", "2>&1"}


def blocks(document, language):
    return [text for found, text in BLOCK.findall(document.read_text()) if found == language]


def command_lines(document):
    """The lines of a document that call parley: in blocks and between backticks."""
    text = document.read_text()
    for _, block in BLOCK.findall(text):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            for part in re.split(r"\s\|\s|&&|\$\(|<\(", line.split(" #")[0].strip()):
                part = re.sub(r"^(\$ |[A-Z_]+=\S* )+", "", part.strip())
                if part.startswith("parley "):
                    yield part
    for code in re.findall(r"`(parley [^`]+)`", BLOCK.sub("", text)):
        yield code.replace("\n", " ")


def words_of(line):
    """The words up to where the shell takes over; none for a line that only shows a form."""
    if any(sign in line for sign in ("…", "[", "<")):
        line = re.split(r"…|\[|<", line)[0]
    try:
        words = shlex.split(line.rstrip(")"), comments=True)
    except ValueError:
        words = line.split()
    for number, word in enumerate(words):
        if word in ENDS_COMMAND:
            return words[:number]
    return words


@functools.lru_cache(maxsize=None)
def help_of(command):
    outcome = subprocess.run([PARLEY, *command, "--help"], capture_output=True, text=True, timeout=60)
    return outcome.stdout if outcome.returncode == 0 else None


def subcommands(help_text):
    return set(re.findall(r"^  ([a-z][a-z_-]*)(?: {2,}|$)", help_text, re.M)) if "COMMAND\n" in help_text else set()


def complaint(line):
    """What is wrong with a command line; nothing when all of it exists."""
    words = words_of(line)[1:]
    command = ()
    while words and not words[0].startswith("-") and subcommands(help_of(command) or ""):
        if words[0].isupper():
            return None
        alternatives = words[0].split("|")
        if not set(alternatives) <= subcommands(help_of(command)):
            return f"there is no command 'parley {' '.join([*command, words[0]])}'"
        command += (alternatives[0],)
        words = words[1:]
    text = help_of(command)
    for word in words:
        name = word.split("=")[0].rstrip(".,;:")
        if re.fullmatch(r"--[a-z][a-z-]*", name) and not re.search(re.escape(name) + r"\b(?!-)", text):
            return f"'parley {' '.join(command)}' has no option {name}"
    return None


class Documents(unittest.TestCase):
    def test_command_lines_use_what_there_is(self):
        checked = 0
        for document in DOCUMENTS:
            for line in command_lines(document):
                checked += 1
                with self.subTest(document=document.name, line=line):
                    self.assertIsNone(complaint(line))
        self.assertGreater(checked, 50, "the lines were not found")

    def test_check_of_command_lines_can_fail(self):
        self.assertIn("no command", complaint("parley db upgrate"))
        self.assertIn("no option", complaint("parley db upgrade --sqll"))
        self.assertIsNone(complaint("parley db upgrade --sql --dialect mysql"))

    def test_links_lead_somewhere(self):
        for document in DOCUMENTS:
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text()):
                if "://" in target or target.startswith("mailto:"):
                    continue
                with self.subTest(document=document.name, target=target):
                    self.assertTrue((document.parent / target).exists())

    def test_example_of_a_schema_change_runs_as_printed(self):
        readme = ROOT / "README.md"
        with tempfile.TemporaryDirectory() as place:
            first, second = [block for block in blocks(readme, "sh") if "sqlite:///shop.db" in block]
            environment = {**os.environ, "PATH": f"{PARLEY.parent}:{os.environ['PATH']}"}
            first = re.sub(r"^export PATH=.*\n", "", first, flags=re.M)

            def run(script):
                outcome = subprocess.run(["bash", "-ec", script], cwd=place, env=environment, capture_output=True,
                                         text=True, timeout=120)
                self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
                return outcome.stdout

            run(first)
            revision, = Path(place, "revisions").iterdir()
            filled = revision.read_text().split("upgrade:")[0] + blocks(readme, "yaml")[0]
            revision.write_text(filled)
            said = run(second)
            self.assertIn("001_create_orders (head)", said)
            self.assertIn("ALL VALIDATIONS PASSED", said)
            self.assertIn("CREATE TABLE orders", said)


class Served(unittest.TestCase):
    """What needs a server: started once."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.server = subprocess.Popen([PARLEY, "serve", "--dev", "--data", cls.place.name, "--listen", "127.0.0.1:0"],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = cls.server.stdout.readline()
        cls.address = re.search(r"http://\S+", line).group()
        # What --dev prints is read, so that the server never waits for it.
        cls.printed = []
        while not cls.printed or "/auth/login" not in cls.printed[-1]:
            cls.printed.append(cls.server.stdout.readline())
        with urllib.request.urlopen(cls.address + "/openapi.json", timeout=20) as answer:
            paths = json.load(answer)["paths"]
        cls.patterns = [(set(methods), re.compile(re.sub(r"\{[^}]*\}", r"[^/?]+", path) + r"/?$"))
                        for path, methods in paths.items()]

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait(timeout=30)
        cls.server.stdout.close()
        cls.place.cleanup()

    def shown_paths(self):
        for document in DOCUMENTS:
            for block in blocks(document, "sh") + blocks(document, ""):
                for line in re.sub(r"\\\n\s*", " ", block).splitlines():
                    found = re.search(r"curl\b.*?\s['\"]?(?:\$API|http://(?:127\.0\.0\.1|localhost):8000)(/[^\s'\"?]*)", line)
                    if found is None:
                        continue
                    api = "/api/v1" if "$API/" in line else ""
                    method = re.search(r"-X ([A-Z]+)", line)
                    given = " -d " in line or "--data" in line
                    yield document, (method.group(1) if method else "POST" if given else "GET").lower(), api + found.group(1)

    def test_diagrams_are_those_of_the_tables(self):
        for file in sorted((ROOT / "docs/erd").glob("*.md")):
            with self.subTest(file=file.name):
                outcome = subprocess.run([PARLEY, "db", "dump", "--module", file.stem, "--format", "mermaid", "--data",
                                          self.place.name], capture_output=True, text=True, timeout=60)
                self.assertEqual(blocks(file, "mermaid"), [outcome.stdout], outcome.stderr)

    def test_paths_that_curl_is_shown_with_exist(self):
        checked = 0
        for document, method, path in self.shown_paths():
            checked += 1
            with self.subTest(document=document.name, method=method, path=path):
                if path in ("/openapi.json", "/metrics"):
                    continue
                path = re.sub(r"\$\{?\w+\}?", "x", path)
                self.assertTrue(any(method in methods and pattern.match(path) for methods, pattern in self.patterns),
                                "the server has no such route")
        self.assertGreater(checked, 5, "the lines were not found")


if __name__ == "__main__":
    unittest.main(verbosity=1)
