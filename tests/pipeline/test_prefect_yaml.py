"""What is deployed to a work pool are the flows as they are."""

import ast
from pathlib import Path

import pytest
import yaml

from pipeline.prefect_api import DEPLOYMENT, EVALUATION, LEARNING

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = dict(
    zip(
        (DEPLOYMENT, LEARNING, EVALUATION),
        yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"],
        strict=True,
    )
)


@pytest.mark.parametrize("wanted", DEPLOYMENTS)
def test_work_pool_deployment_names_the_flow_and_its_parameters(wanted):
    deployment = DEPLOYMENTS[wanted]
    file, name = deployment["entrypoint"].split(":")
    (flow,) = [
        found
        for found in ast.parse((ROOT / file).read_text()).body
        if isinstance(found, ast.AsyncFunctionDef) and found.name == name
    ]

    assert f"{name}/{deployment['name']}" == wanted
    assert list(deployment["parameters"]) == [argument.arg for argument in flow.args.args]
    assert len(flow.body) <= 15


@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [(DEPLOYMENT, 15 * 60), (LEARNING, 24 * 60 * 60), (EVALUATION, 7 * 24 * 60 * 60)],
)
def test_work_pool_deployment_keeps_runs_apart_and_on_the_grid_as_the_service_does(wanted, seconds):
    deployment = DEPLOYMENTS[wanted]

    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    (schedule,) = deployment["schedules"]
    assert schedule["interval"] == seconds
    assert schedule["anchor_date"] == "2026-01-01T00:00:00+00:00"
