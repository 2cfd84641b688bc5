"""How well readings of the same excerpts agree, code by code; undefined figures are None.

`plain` takes a whole coded set through kept libraries; `tables` and `figures` weigh excerpts by how
they were drawn and resample participants; `code_sets` takes all codes of an excerpt at once;
`assistance` splits what showing suggestions changed.
"""

from models.agreement.assistance import Choices, ShownEffect, measure_shown_effect
from models.agreement.code_sets import compare_sets
from models.agreement.figures import (
    BETWEEN_PEOPLE,
    WITH_MACHINE,
    CodeFigures,
    Comparison,
    PooledFigures,
    compare,
)
from models.agreement.plain import (
    BoolArray,
    CodeAgreement,
    HumanAgreement,
    Ratings,
    cohen_kappa,
    compare_codes,
    human_agreement,
    kappa_in_place_of_coders,
    krippendorff_alpha,
    majority_labels,
    mean_of_defined,
)
from models.agreement.tables import (
    CodeCounts,
    Readings,
    Tables,
    share_of_coders,
    tabulate_coders,
    tabulate_in_place,
    tabulate_machine,
)

__all__ = [
    "BETWEEN_PEOPLE",
    "WITH_MACHINE",
    "BoolArray",
    "Choices",
    "CodeAgreement",
    "CodeCounts",
    "CodeFigures",
    "Comparison",
    "HumanAgreement",
    "PooledFigures",
    "Ratings",
    "Readings",
    "ShownEffect",
    "Tables",
    "cohen_kappa",
    "compare",
    "compare_codes",
    "compare_sets",
    "human_agreement",
    "kappa_in_place_of_coders",
    "krippendorff_alpha",
    "majority_labels",
    "mean_of_defined",
    "measure_shown_effect",
    "share_of_coders",
    "tabulate_coders",
    "tabulate_in_place",
    "tabulate_machine",
]
