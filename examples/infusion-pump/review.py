# SPDX-License-Identifier: Apache-2.0
"""The pump's security reviews: what reviewers wrote into the records that 'assay review start' began, for each kind of question."""
import re

WHOLE, RANGE = "first-look", "an-answer-fits"
TITLES = {WHOLE: "What a dose depends on, and what comes in", RANGE: "An answer to the ward fits a frame"}
REVIEWERS = ("bob", "carol")
# What the second one is of: a check that the compiler makes.
FITS_AFTER = "#define FLAG_CONFIRMED 1u\n"
FITS = '\n_Static_assert(COMMAND_ANSWER_LEN <= FRAME_PAYLOAD_MAX, "an answer fits a frame");\n'
# By a word of the question; the first that fits. What is about one file or call names it.
ANSWERS = (
    (r"^\S+: ", "read with these rules in hand, from {first} to {last}; each place that they could touch was looked at"),
    (r"do these deviations still hold: (\S+)", "read with the whole list in hand; what {0} is about bends one, for the reason that stands "
     "there, and the lines that it rests on are as they were"),
    (r"rules of the coding standard", "read with the whole list in hand; no place was found that breaks or bends one"),
    (r"what did analysis find", "the list of that day was gone through line by line, together with who wrote the code"),
    (r"which security capabilities", "frames with a checksum, a chained log and limits on doses; tests/frame.c and tests/dose.c show them"),
    (r"which security requirements does (?:the change to )?(\S+)", "what {0} must keep to stands in its header, and each of it is held by a test"),
    (r"main\(\) takes arguments", "whoever starts the pump on the desk chooses them; what isn't known is refused with a usage line"),
    (r"(\S+) calls fopen \(\S+\) in line (\d+)", "in line {1} {0} opens what whoever starts the pump has named, and goes on only with a file"),
    (r"(\S+) calls (fgetc|getchar) \(\S+\) in line (\d+)", "{0} takes one byte at a time from {1} in line {2}, and tells its end from a byte"),
    (r"(\S+) calls fwrite \(\S+\) in line (\d+)", "what {0} writes in line {1} is a frame of the pump's own, and its length is held against what was written"),
    (r"(\S+) calls (\S+) \((\S+)\) in line (\d+)", "{0} hands {1} a room of fixed size, and its result is held against that in line {3} or below"),
    (r"in what changed in (\S+?)[ :(]", "{0} takes values that were checked where they came in; the asset is the dose"),
    (r"", "looked at in the code and in its tests, and nothing was found that these don't hold"),
)


def record(name):
    return f"assay/reviews/{name}.yaml"


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
