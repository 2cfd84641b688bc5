"""What the page calls things."""

from pipeline.evaluation.disputes import NOT_SUGGESTED, ONLY_SUGGESTED, PEOPLE_DIFFER
from pipeline.evaluation.listing import (
    ASSISTED,
    IN_PLACE_MACHINE,
    IN_PLACE_PEOPLE,
    MACHINE,
    MACHINE_SPANS,
    ON_GIVEN,
    PEOPLE,
    PEOPLE_SPANS,
)

# In the order in which figures lead; each has a template of its own.
SECTIONS = {
    "measured": "What was measured",
    "pooled": "Means over codes",
    "forest": "κ, code by code",
    "codes": "All figures, code by code",
    "in_place": "The machine in each coder’s place",
    "effect": "What showing suggestions changed",
    "misses": "What was not suggested",
    "baselines": "Simpler ways to propose",
    "mixups": "Codes given in place of one another",
    "groups": "Errors by group of participants",
    "parts": "Model versions, codebook versions and rounds",
    "spans": "End to end, and free stretches of text",
    "disagreements": "Disagreements to read",
    "methods": "For a methods section",
    "reading": "How to read the figures",
}
FIGURES = {
    "prevalence": "Prevalence",
    "agreement": "Percent agreement",
    "positive_agreement": "Positive agreement",
    "negative_agreement": "Negative agreement",
    "kappa": "Cohen’s κ",
    "ac1": "Gwet’s AC1",
    "alpha": "Krippendorff’s α",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "sets_alpha": "α over sets of codes (MASI)",
    "difference": "κ, machine minus this",
    "missed": "Not suggested, of the codes people gave",
    "elusion": "Coded by people, of the excerpts without a suggestion",
    "help_by_suggesting": "Help by suggesting: suggested, and the independent coder gave it",
    "sway_by_suggesting": "Sway by suggesting: suggested, and the independent coder left it off",
    "help_by_silence": "Help by silence: not suggested, and the independent coder left it off",
    "sway_by_silence": "Sway by silence: not suggested, and the independent coder gave it",
    "found_by_suggesting": "Help by suggesting, as a share of what would have been left off",
    "swayed_by_suggesting": "Sway by suggesting, as a share of what would have been left off",
    "help": "Help, over all choices",
    "sway": "Sway, over all choices",
}
# For the heads of narrow columns.
SHORT_FIGURES = {"kappa": "κ", "ac1": "AC1", "alpha": "α"}
SIDES = {
    MACHINE: "Machine and people",
    PEOPLE: "People with one another",
    IN_PLACE_MACHINE: "Machine in a coder’s place",
    IN_PLACE_PEOPLE: "People with one another",
    ASSISTED: "Suggestions on the screen",
    ON_GIVEN: "On the stretches that coders had",
    MACHINE_SPANS: "Machine and people",
    PEOPLE_SPANS: "People with one another",
}
BASELINES = {
    "machine": "The machine",
    "similarity": "Similarity to the codebook alone",
    "majority": "Majority: each code to all excerpts or to none",
    "tfidf": "Words: TF-IDF and a linear classifier",
}
KINDS_OF_PART = {
    "model": "Model version",
    "codebook": "Codebook version at the time of coding",
    "round": "Round of coding",
}
KINDS_OF_DISPUTE = {
    PEOPLE_DIFFER: "people differ",
    NOT_SUGGESTED: "all gave it, not suggested",
    ONLY_SUGGESTED: "nobody gave it, suggested",
}
