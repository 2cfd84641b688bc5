"""The runner: takes the study's flow whenever its schedule or a person asks for it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from prefect import get_client, serve
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
from pipeline.flow import suggest_themes
from pipeline.prefect_api import DEPLOYMENT
from study.errors import StudyError
from study.folder import Study, open_study
from study.locks import hold_lock, is_locked

FLOW_NAME, DEPLOYMENT_NAME = DEPLOYMENT.split("/")
# Always the same, so that a service that is started often does not put its runs off each time.
ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
# Prefect's own ten seconds would have a person wait, and would judge a tick long before it is due.
LOOK_SECONDS = 2
UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def serve_flow(study: Study) -> None:
    """Run the study's flow by the clock and on demand, one at a time, until stopped."""
    close_stale_runs(study)
    os.environ[RUNNER] = str(os.getpid())
    serve(
        make_deployment(study),
        limit=1,
        query_seconds=LOOK_SECONDS,
        prefetch_seconds=LOOK_SECONDS,
        # A paused schedule would stay so where the service is killed.
        pause_on_shutdown=False,
        print_starting_message=False,
    )


def make_deployment(study: Study) -> RunnerDeployment:
    """Describe to Prefect when the flow runs over this study, and that it never runs twice."""
    interval = timedelta(minutes=study.settings.run_every_minutes)
    return RunnerDeployment.from_flow(
        suggest_themes,
        DEPLOYMENT_NAME,
        schedule=Interval(interval, anchor_date=ANCHOR),
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
    is_somebody_at_work = is_locked(study.folder / ".lock")
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW_NAME])),
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
