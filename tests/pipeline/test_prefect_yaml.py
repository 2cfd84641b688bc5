"""What is deployed to a work pool is the flow as it is."""

import ast
from pathlib import Path

import yaml

from pipeline.prefect_api import DEPLOYMENT

ROOT = Path(__file__).parents[2]


def test_work_pool_deployment_names_the_flow_and_its_parameters():
    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    file, name = deployment["entrypoint"].split(":")
    (flow,) = [
        found
        for found in ast.parse((ROOT / file).read_text()).body
        if isinstance(found, ast.AsyncFunctionDef) and found.name == name
    ]

    assert f"{name}/{deployment['name']}" == DEPLOYMENT
    assert list(deployment["parameters"]) == [argument.arg for argument in flow.args.args]
    assert len(flow.body) <= 15


def test_work_pool_deployment_keeps_runs_apart_and_on_the_grid_as_the_service_does():
    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]

    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    (schedule,) = deployment["schedules"]
    assert schedule["interval"] == 15 * 60
    assert schedule["anchor_date"] == "2026-01-01T00:00:00+00:00"
