# SPDX-License-Identifier: Apache-2.0
"""The pump's security review: what two reviewers wrote into the record that 'assay review start' began, for each kind of question."""
import re

NAME = "first-look"
RECORD = f"assay/reviews/{NAME}.yaml"
REVIEWERS = ("bob", "carol")
# By a word of the question; the first that fits. What is about one file or call names it.
ANSWERS = (
    (r"^\S+: ", "read with these rules in hand, from {first} to {last}; each place that they could touch was looked at"),
    (r"rules of the coding standard", "read with the whole list in hand; no place was found that breaks or bends one"),
    (r"what did analysis find", "the list of that day was gone through line by line, together with who wrote the code"),
    (r"which security capabilities", "frames with a checksum, a chained log and limits on doses; tests/frame.c and tests/dose.c show them"),
    (r"which security requirements does (\S+)", "what {0} must keep to stands in its header, and each of it is held by a test"),
    (r"main\(\) takes arguments", "whoever starts the pump on the desk chooses them; what isn't known is refused with a usage line"),
    (r"(\S+) calls (\S+) \((\S+)\) in line (\d+)", "{0} hands {1} a room of fixed size, and its result is held against that in line {3} or below"),
    (r"in what changed in (\S+?)[ :(]", "{0} takes values that were checked where they came in; the asset is the dose"),
    (r"", "looked at in the code and in its tests, and nothing was found that these don't hold"),
)


def answer(question):
    for pattern, words in ANSWERS:
        match = re.search(pattern, question)
        if match:
            rules = re.findall(r"(?:^| )(\S+): ", question)
            return words.format(*match.groups(), first=rules[0] if rules else "", last=rules[-1] if rules else "")
    return ""


def fill_in(text):
    """The record with an answer below each question. An answer that stands already once says to which question it belongs."""
    out, question, seen, number = [], "", set(), 0
    for line in text.splitlines(keepends=True):
        if line.startswith("    ask: "):
            question, number = line[len("    ask: "):].strip().strip('"'), number + 1
        out.append(line)
        if line == "    answer:\n":
            words = answer(question)
            if words in seen:
                words = f"{words} (question {number})"
            seen.add(words)
            out.append(f'      text: "{words}"\n')
    return "".join(out)
