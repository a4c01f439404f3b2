"""Serves operations of a published OpenAPI specification, and holds every request and every answer against it."""

import json
import re

from bravado_core.request import IncomingRequest, unmarshal_request
from bravado_core.response import OutgoingResponse, get_response_spec, validate_response
from bravado_core.spec import Spec
from werkzeug.wrappers import Request, Response


class Refused(Exception):
    """An answer other than that of success."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Asked(IncomingRequest):
    """A request, as the library of the specification takes it."""

    def __init__(self, request, path):
        self.path = path
        self.query = request.args.to_dict()
        self.form = {}
        self.files = {}
        self.headers = request.headers
        self._request = request

    def json(self, **_):
        if self._request.mimetype == "application/json":
            return json.loads(self._request.get_data() or "null")
        return self._request.get_data().decode("latin-1") or None


class Answered(OutgoingResponse):
    """An answer, as the library of the specification takes it."""

    def __init__(self, response):
        self.content_type = response.mimetype
        self.headers = response.headers
        self.raw_bytes = response.get_data()
        self.text = self.raw_bytes.decode("latin-1")

    def json(self, **_):
        return json.loads(self.raw_bytes)


class Contract:
    """`handlers` answer operations by id: each takes the parameters, and gives a body or a whole response."""

    def __init__(self, document, handlers, note):
        self._handlers = handlers
        self._note = note
        spec = Spec.from_dict(document, config={"use_models": False})
        self._operations = [
            (operation.http_method.upper(), _pattern(operation.path_name), operation)
            for resource in spec.resources.values()
            for operation in resource.operations.values()
        ]

    def answer(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return self._broken(f"{request.method} {request.path} is no operation")
        operation, path = found
        name = operation.operation_id
        if name not in self._handlers:
            return self._broken(f"{name} is not played")
        try:
            parameters = unmarshal_request(Asked(request, path), operation)
        except Exception as error:
            return self._broken(f"{name} was asked for what it does not take: {error}")
        response = self._handle(name, request, parameters)
        try:
            expected = get_response_spec(response.status_code, operation)
            if expected.get("schema", {}).get("type") != "file":
                validate_response(expected, operation, Answered(response))
        except Exception as error:
            return self._broken(f"{name} was answered as it must not be: {error}")
        self._note({"operation": name, "status": response.status_code})
        return response

    def _handle(self, name, request, parameters):
        try:
            made = self._handlers[name](request, parameters)
        except Refused as refused:
            return _json({"message": str(refused)}, refused.status)
        return made if isinstance(made, Response) else _json(made, 201 if name.startswith("create") else 200)

    def _find(self, request):
        for method, pattern, operation in self._operations:
            matched = pattern.fullmatch(request.path)
            if matched and method == request.method:
                return operation, matched.groupdict()
        return None

    def _broken(self, how):
        self._note({"broken": how})
        return _json({"message": f"the contract is broken: {how}"}, 500)


def _pattern(path):
    # Names of files have slashes.
    return re.compile(re.sub(r"{(\w+)}", lambda m: f"(?P<{m[1]}>{'.+' if m[1] == 'file_name' else '[^/]+'})", path))


def _json(body, status):
    return Response(json.dumps(body), status=status, mimetype="application/json")
