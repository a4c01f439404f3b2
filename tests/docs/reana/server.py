"""
A stand-in of reana-server and of what is behind it, which are in no registry: the operations that the tutorial's commands use. Accounts, tokens and
workflows are REANA's own models in a real database; runs are the steps' commands, in this process's own shell.
"""

import importlib.resources
import json
import mimetypes
import os
import string
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from contract import Contract, Refused
from reana_commons.config import DEFAULT_WORKSPACE_PATH, WORKFLOW_TIME_FORMAT, WORKSPACE_PATHS
from reana_db.database import Session
from reana_db.models import Job, JobStatus, RunStatus, UserToken, UserTokenStatus, UserTokenType, Workflow
from reana_db.utils import _get_workflow_with_uuid_or_name
from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response

def user_of(request):
    """As reana-server 0.9.4 knows users: by the row of their token."""
    token = request.args.get("access_token")
    if token is None:
        raise Refused(401, "User not signed in")
    found = UserToken.query.filter_by(token=token, type_=UserTokenType.reana).one_or_none()
    if found is None:
        raise Refused(403, "Token not valid.")
    if found.status == UserTokenStatus.revoked:
        raise Refused(403, "User access token revoked.")
    return found.user_


def workflow_of(request, parameters):
    name = parameters["workflow_id_or_name"]
    try:
        return _get_workflow_with_uuid_or_name(name, str(user_of(request).id_))
    except ValueError:
        raise Refused(404, f"REANA_WORKON is set to {name}, but that workflow does not exist.")


def about(workflow, **more):
    return {
        "workflow_id": str(workflow.id_),
        "workflow_name": workflow.get_full_workflow_name(),
        "user": str(workflow.owner_id),
        **more,
    }


def get_you(request, _):
    user = user_of(request)
    return {"email": user.email, "full_name": user.full_name, "reana_server_version": "0.9.4"}


def info(request, _):
    """What the server's variables say, as they are rendered."""
    user_of(request)
    facts = {
        "compute_backends": ("List of supported compute backends", json.loads(os.environ["REANA_COMPUTE_BACKENDS"])),
        "default_kubernetes_memory_limit": (
            "Default memory limit for Kubernetes jobs",
            os.environ["REANA_KUBERNETES_JOBS_MEMORY_LIMIT"],
        ),
        "default_workspace": ("Default workspace", DEFAULT_WORKSPACE_PATH),
        "workspaces_available": ("List of available workspaces", list(WORKSPACE_PATHS.values())),
    }
    return {name: {"title": title, "value": value} for name, (title, value) in facts.items()}


def create_workflow(request, parameters):
    specification = parameters["reana_specification"]
    workflow = Workflow(
        id_=str(uuid4()),
        name=parameters["workflow_name"],
        owner_id=user_of(request).id_,
        reana_specification=specification,
        type_=specification["workflow"]["type"],
    )
    Session.add(workflow)
    Session.commit()
    os.makedirs(workflow.workspace_path)
    return about(workflow, message="Workflow workspace created")


def inside(workflow, name):
    root = Path(workflow.workspace_path).resolve()
    path = (root / name.lstrip("/")).resolve()
    if not path.is_relative_to(root):
        raise Refused(400, f"{name} is outside of the workspace")
    return path


def upload_file(request, parameters):
    path = inside(workflow_of(request, parameters), parameters["file_name"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(request.get_data())
    return {"message": f"{parameters['file_name']} has been successfully uploaded."}


def get_files(request, parameters):
    workflow = workflow_of(request, parameters)
    root = Path(workflow.workspace_path)
    stats = {str(path.relative_to(root)): path.stat() for path in sorted(root.rglob("*")) if path.is_file()}
    items = [
        {
            "name": name,
            "last-modified": datetime.fromtimestamp(stat.st_mtime).strftime(WORKFLOW_TIME_FORMAT),
            "size": {"raw": stat.st_size, "human_readable": f"{stat.st_size} Bytes"},
        }
        for name, stat in stats.items()
    ]
    return {"items": items, "total": len(items)}


def download_file(request, parameters):
    path = inside(workflow_of(request, parameters), parameters["file_name"])
    if not path.is_file():
        raise Refused(404, f"{parameters['file_name']} does not exist.")
    return Response(path.read_bytes(), mimetype=mimetypes.guess_type(path)[0] or "application/octet-stream")


def start_workflow(request, parameters):
    workflow = workflow_of(request, parameters)
    if workflow.status != RunStatus.created:
        raise Refused(409, f"Workflow {workflow.get_full_workflow_name()} could not be started because it is already {workflow.status.name}.")
    Workflow.update_workflow_status(Session, workflow.id_, RunStatus.queued)
    threading.Thread(target=run, args=(workflow.id_,), daemon=True).start()
    return about(workflow, message="Workflow submitted.", status="queued")


def run(workflow_id):
    """Runs the steps one after the other, as the serial engine would have its pods do."""
    workflow = Session.query(Workflow).filter_by(id_=workflow_id).one()
    for status in (RunStatus.pending, RunStatus.running):
        Workflow.update_workflow_status(Session, workflow.id_, status)
    values = workflow.get_input_parameters()
    steps = workflow.get_specification()["steps"]
    progress = {"total": {"total": len(steps), "job_ids": []}, "finished": {"total": 0, "job_ids": []}}
    ended = RunStatus.finished
    for step in steps:
        command = " && ".join(string.Template(one).substitute(values) for one in step["commands"])
        job = Job(
            workflow_uuid=workflow.id_,
            job_name=step["name"],
            compute_backend="Kubernetes",
            docker_img=step["environment"],
            prettified_cmd=command,
            status=JobStatus.running,
            started_at=datetime.utcnow(),
        )
        Session.add(job)
        Session.commit()
        ran = subprocess.run(
            ["/bin/sh", "-c", command], cwd=workflow.workspace_path, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        job.logs, job.finished_at = ran.stdout + ran.stderr, datetime.utcnow()
        job.status = JobStatus.finished if ran.returncode == 0 else JobStatus.failed
        progress["finished"]["total"] += 1
        progress["finished"]["job_ids"].append(str(job.id_))
        workflow.job_progress = json.loads(json.dumps(progress))
        Session.commit()
        if ran.returncode != 0:
            ended = RunStatus.failed
            break
    Workflow.update_workflow_status(Session, workflow.id_, ended)
    Session.remove()


def get_workflow_status(request, parameters):
    workflow = workflow_of(request, parameters)
    dated = {
        f"run_{what}_at": at and at.strftime(WORKFLOW_TIME_FORMAT)
        for what, at in (("started", workflow.run_started_at), ("finished", workflow.run_finished_at))
    }
    return {
        "id": str(workflow.id_),
        "name": workflow.get_full_workflow_name(),
        "created": workflow.created.strftime(WORKFLOW_TIME_FORMAT),
        "status": workflow.status.name,
        "user": str(workflow.owner_id),
        "logs": "",
        "progress": {**(workflow.job_progress or {}), **dated},
    }


def get_workflow_logs(request, parameters):
    workflow = workflow_of(request, parameters)
    jobs = Session.query(Job).filter_by(workflow_uuid=workflow.id_).order_by(Job.created)
    dated = lambda at: at and at.strftime(WORKFLOW_TIME_FORMAT)
    logs = {
        str(job.id_): {
            "workflow_uuid": str(job.workflow_uuid),
            "job_name": job.job_name,
            "compute_backend": job.compute_backend,
            "backend_job_id": "",
            "docker_img": job.docker_img,
            "cmd": job.prettified_cmd,
            "status": job.status.name,
            "logs": job.logs or "",
            "started_at": dated(job.started_at),
            "finished_at": dated(job.finished_at),
        }
        for job in jobs
    }
    text = json.dumps({"workflow_logs": workflow.logs, "job_logs": logs, "engine_specific": None})
    return about(workflow, logs=text)


def set_workflow_status(request, parameters):
    workflow = workflow_of(request, parameters)
    if parameters["status"] != "deleted":
        raise Refused(501, f"Status {parameters['status']} is not supported yet.")
    Workflow.update_workflow_status(Session, workflow.id_, RunStatus.deleted)
    return about(workflow, message="Workflow successfully deleted", status=workflow.status.name)


def get_workflow_specification(request, parameters):
    workflow = workflow_of(request, parameters)
    return {"specification": workflow.reana_specification, "parameters": workflow.input_parameters}


def get_workflow_parameters(request, parameters):
    workflow = workflow_of(request, parameters)
    named = {"id": str(workflow.id_), "name": workflow.get_full_workflow_name(), "type": workflow.type_}
    return {**named, "parameters": workflow.get_input_parameters()}


def ping(_request, _parameters):
    return {"message": "OK", "status": "200"}


PLAYED = [
    *(ping, info, get_you, create_workflow, upload_file, get_files, download_file),
    *(get_workflow_specification, get_workflow_parameters),
    *(start_workflow, get_workflow_status, get_workflow_logs, set_workflow_status),
]


def note(event):
    print(json.dumps(event), flush=True)


def main(port):
    document = importlib.resources.files("reana_commons") / "openapi_specifications" / "reana_server.json"
    contract = Contract(json.loads(document.read_text()), {one.__name__: one for one in PLAYED}, note)
    host = os.environ["REANA_HOSTNAME"]

    @Request.application
    def application(request):
        # Both as the real one: another host is refused, and what did not come by TLS is sent there.
        if request.host != host:
            return Response("Bad Request", status=400)
        if request.headers.get("X-Forwarded-Proto") != "https":
            return Response(status=302, headers={"Location": f"https://{host}{request.full_path}"})
        try:
            return contract.answer(request)
        finally:
            Session.remove()

    run_simple(os.environ.get("LISTEN", "127.0.0.1"), int(port), application, threaded=True)


main(sys.argv[1])
