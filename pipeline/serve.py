"""The runner: takes the study's flows whenever their schedule or a person asks for them."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from prefect import Flow, get_client, serve
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    StateType,
)
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Interval
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from pipeline.children import RUNNER
from pipeline.flow import evaluate_agreement, learn_from_decisions, suggest_themes
from pipeline.prefect_api import DEPLOYMENT, EVALUATION, LEARNING
from study.errors import StudyError
from study.folder import Study, open_study
from study.locks import hold_lock
from study.stance import may_show_agreement

FLOW_NAMES = [name.split("/")[0] for name in (DEPLOYMENT, LEARNING, EVALUATION)]
# Always the same, so that a service that is started often does not put its runs off each time.
ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
# Prefect's own ten seconds would have a person wait, and would judge a tick long before it is due.
LOOK_SECONDS = 2
UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def serve_flow(study: Study) -> None:
    """Run the study's flows by the clock and on demand, one at a time, until stopped."""
    close_stale_runs(study)
    os.environ[RUNNER] = str(os.getpid())
    serve(
        *make_deployments(study),
        limit=1,
        query_seconds=LOOK_SECONDS,
        prefetch_seconds=LOOK_SECONDS,
        # A paused schedule would stay so where the service is killed.
        pause_on_shutdown=False,
        print_starting_message=False,
    )


def make_deployments(study: Study) -> list[RunnerDeployment]:
    """Describe to Prefect when each flow runs over this study."""
    settings = study.settings
    every = timedelta(minutes=settings.run_every_minutes)
    nightly = timedelta(days=settings.learn_every_days)
    deployments = [
        _deploy(study, suggest_themes, DEPLOYMENT, every),
        _deploy(study, learn_from_decisions, LEARNING, nightly),
    ]
    if may_show_agreement(settings.stance):
        every = timedelta(days=settings.evaluate_every_days)
        deployments.append(_deploy(study, evaluate_agreement, EVALUATION, every))
    return deployments


def _deploy(study: Study, flow: Flow[[str], Any], name: str, every: timedelta) -> RunnerDeployment:
    """Describe one flow, which never runs twice at once."""
    return RunnerDeployment.from_flow(
        flow,
        name.split("/")[1],
        schedule=Interval(every, anchor_date=ANCHOR),
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        parameters={"study_folder": str(study.folder.absolute())},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def close_stale_runs(study: Study) -> int:
    """Mark runs that a killed runner left unfinished as crashed, and give their number.

    Call it while no other runner is up. Unmarked they would hold the deployment's only slot.
    """
    # A person may be running the flow at this moment, without a deployment.
    is_somebody_at_work = study.is_at_work()
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=FLOW_NAMES)),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))
            ),
        )
        stale = [run for run in found if run.deployment_id or not is_somebody_at_work]
        for run in stale:
            message = "Found unfinished when the service started."
            client.set_flow_run_state(run.id, Crashed(message=message), force=True)
    return len(stale)


@click.command()
@click.option("--study", "folder", type=click.Path(path_type=Path), required=True)
def main(folder: Path) -> None:
    """Serve a study's flow; themeloop up starts this with Prefect's environment."""
    os.umask(0o077)
    study = open_study(folder)
    study.database.close()
    try:
        with hold_lock(folder / ".prefect" / "runner.lock", "Another runner serves this study."):
            serve_flow(study)
    except StudyError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
