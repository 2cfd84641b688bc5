"""Long texts in windows, so that the encoder hears every token: cut, batch, pool."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.vectors import FloatArray, unit_rows

LEAST_FILL = 0.75


@dataclass(frozen=True)
class TokenRules:
    """How one encoder wants its tokens.

    Attributes:
        prefix: Plain text put before each text; its tokens count.
        max_tokens: The window, special tokens included; None for no limit.
        n_lead: Special tokens that open a window.
        n_trail: Special tokens that close a window.
        pad_id: What fills the shorter rows of a batch.
    """

    prefix: str
    max_tokens: int | None
    n_lead: int
    n_trail: int
    pad_id: int


@dataclass(frozen=True)
class Windows:
    """Every text's tokens in rows that fit the encoder.

    Attributes:
        ids: Token ids of each window, special tokens included.
        owners: For each window, the index of its text; never decreasing.
        n_texts: Texts the windows came from.
    """

    ids: list[list[int]]
    owners: list[int]
    n_texts: int


def cut_windows(token_ids: Sequence[list[int]], rules: TokenRules) -> Windows:
    """Cut texts over the limit into windows; leave the others whole.

    Args:
        token_ids: Ids of each text, special tokens included, never truncated.
        rules: The encoder's own limit and special tokens.
    """
    ids: list[list[int]] = []
    owners: list[int] = []
    for owner, text_ids in enumerate(token_ids):
        cut = _cut_one(text_ids, rules)
        ids.extend(cut)
        owners.extend([owner] * len(cut))
    return Windows(ids=ids, owners=owners, n_texts=len(token_ids))


def is_within_window(ids: list[int], rules: TokenRules) -> bool:
    """Say whether a text's tokens, special ones included, fit one window."""
    return rules.max_tokens is None or len(ids) <= rules.max_tokens


def _cut_one(ids: list[int], rules: TokenRules) -> list[list[int]]:
    if rules.max_tokens is None or is_within_window(ids, rules):
        return [ids] if ids else []
    end = len(ids) - rules.n_trail
    opening, content, closing = ids[: rules.n_lead], ids[rules.n_lead : end], ids[end:]
    size = rules.max_tokens - rules.n_lead - rules.n_trail
    starts = range(0, len(content), size)
    return [opening + content[start : start + size] + closing for start in starts]


def pool_windows(vectors: FloatArray, windows: Windows) -> FloatArray:
    """Average each text's windows by token count, then scale to length 1.

    Args:
        vectors: (n_windows, dim) float32, rows of length 1, in the windows' order.
        windows: Where each row came from.

    Returns:
        (n_texts, dim) float32, rows of length 1.
    """
    n_tokens = np.array([len(ids) for ids in windows.ids], dtype=np.float32)
    sums = np.zeros((windows.n_texts, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, np.array(windows.owners, dtype=np.intp), vectors * n_tokens[:, None])
    return unit_rows(sums)


def make_batches(ids: Sequence[list[int]], *, max_batch_tokens: int) -> list[list[int]]:
    """Group rows of like length, longest first, the same way for the same input.

    A row shorter than three quarters of its batch's longest begins a batch of its own: padding is
    computed like words, and in one interview turns are of all lengths.

    Args:
        ids: Token ids of each window.
        max_batch_tokens: Padded tokens in a batch; one longer row is a batch of its own.

    Returns:
        Indices into `ids`, each exactly once.
    """
    batches: list[list[int]] = []
    longest = 0
    for row in sorted(range(len(ids)), key=lambda row: -len(ids[row])):
        is_full = not batches or (len(batches[-1]) + 1) * longest > max_batch_tokens
        if not is_full and len(ids[row]) >= LEAST_FILL * longest:
            batches[-1].append(row)
        else:
            batches.append([row])
            longest = len(ids[row])
    return batches


def pad_batch(ids: Sequence[list[int]], *, pad_id: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (rows, longest) int64 token ids and their attention mask."""
    longest = max(len(row) for row in ids)
    padded = np.full((len(ids), longest), pad_id, dtype=np.int64)
    mask = np.zeros((len(ids), longest), dtype=np.int64)
    for place, row in enumerate(ids):
        padded[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return padded, mask
