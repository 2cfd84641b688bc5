"""What a team may set of the language model that the proposer `endpoint` asks."""

from typing import Annotated

from pydantic import Field

Url = Annotated[
    str,
    # Of visible letters without a user name or a question: it is told in messages.
    Field(
        pattern=r"^(https?://[A-Za-z0-9._:\[\]/~%-]+)?$",
        description="Address of the chat-completions server that the proposer 'endpoint' asks, "
        "such as http://127.0.0.1:8080/v1; interview text is sent there.",
    ),
]
Model = Annotated[
    str,
    Field(
        max_length=200,
        description="Name of the model on that server; empty: the server's own choice.",
    ),
]
AllowRemote = Annotated[
    bool,
    Field(
        description="That server may be another machine than this one: interview text leaves this "
        "machine.",
    ),
]
TimeoutSeconds = Annotated[
    float,
    Field(
        ge=1,
        le=3600,
        description="How long that server may take to answer for one excerpt, in seconds.",
    ),
]
