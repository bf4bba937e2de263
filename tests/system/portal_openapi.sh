#!/bin/bash
# The live service against src/portal/openapi.yaml: every answer is one that the document describes, and every answer that it
# describes (but the 503 of a broken disk) is seen.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

/usr/bin/python3 -c 'import yaml, jsonschema' 2>/dev/null ||
	skip_all "no python3-yaml or python3-jsonschema"
D=$TMP/portal
ok "certificates made" portal_pki "$TMP/pki"
mkdir -p "$D"
echo 'session: { grace_s = 0; };' >"$D/portal.conf"
portal_start "$D" || bail "the service does not start"
at_end portal_stop
portal_code "$D" --name "AYŞE" --purpose unblock >"$TMP/unblock"
for name in main given limit; do
	portal_code "$D" --name "AYŞE" >"$TMP/$name"
done
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"
portal_sign "$TMP/content" "$TMP/second" signer -md sha384

cat >"$TMP/conform.py" <<'PY'
import http.client, json, subprocess, sys, time, urllib.parse
import jsonschema, yaml

url, folder, document_file = sys.argv[1:4]
make_code = sys.argv[4:]
with open(document_file) as f:
    document = yaml.safe_load(f)
seen, wrong = set(), []


def resolve(node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].lstrip("#/").split("/"):
            target = target[part]
        node = target
    return node


def validate(what, schema, value):
    whole = dict(schema, components=document["components"])
    for error in jsonschema.Draft202012Validator(whole).iter_errors(value):
        wrong.append("%s: %s" % (what, error.message))


def ask(operation, path, body=None, content_type=None, token=None, lawful=True, announced=None):
    """Makes the request of an operation, checks the answer against the document, returns it."""
    template, method, described = operations[operation]
    headers = {}
    if content_type:
        headers["Content-Type"] = content_type
    if token:
        headers["Authorization"] = "Bearer " + token
    if isinstance(body, dict):
        if lawful:
            validate(operation + " request", described["requestBody"]["content"]["application/json"]["schema"], body)
        body = json.dumps(body).encode()
    if announced:
        headers["Content-Length"] = str(announced)
    link = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=10)
    link.request(method.upper(), path, body, headers)
    answer = link.getresponse()
    status, kind, text = str(answer.status), answer.headers.get_content_type(), json.loads(answer.read())
    what = "%s %s" % (operation, status)
    if status not in described["responses"]:
        wrong.append(what + ": not described")
        return text
    response = resolve(described["responses"][status])
    seen.add((operation, status))
    if kind not in response["content"]:
        wrong.append("%s: %s is not described" % (what, kind))
        return text
    validate(what, response["content"][kind]["schema"], text)
    for name in response.get("headers", {}):
        if not answer.headers.get(name):
            wrong.append("%s: no header %s" % (what, name))
    if kind == "application/problem+json" and text["status"] != answer.status:
        wrong.append(what + ": another status inside")
    return text


operations = {}
for template, item in document["paths"].items():
    for method, described in item.items():
        if method != "parameters":
            operations[described["operationId"]] = (template, method, described)


def read(name, mode="r"):
    with open(folder + "/" + name, mode) as f:
        return f.read() if mode == "rb" else f.read().strip()


JSON, CMS = "application/json", "application/cms"


def opening(code, nonce="nonce-of-the-test-1"):
    return {"code": code, "nonce": nonce, "kiosk": "deneme", "purposes": ["consent", "login", "unblock"]}


def session_path(session, what=""):
    return "/v1/sessions/" + session["id"] + what


def open_session(name):
    return ask("openSession", "/v1/sessions/open", opening(read(name)), JSON)


def short_session(name, *options):
    """A session of a code that is just being made: short enough to be waited for, long enough to be opened here."""
    for lifetime in (4, 16, 64):
        with open(folder + "/" + name, "w") as f:
            command = make_code + ["--lifetime", str(lifetime)] + list(options)
            subprocess.run(command, stdout=f, stderr=subprocess.DEVNULL, check=True)
        session = open_session(name)
        if "expires" in session:
            return session
    sys.exit("no code lives long enough to be opened")


def check_methods(template, item):
    """Another method than those described is told which there are."""
    link = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=10)
    link.request("PATCH", template.replace("{id}", "0" * 32))
    answer = link.getresponse()
    wanted = {method.upper() for method in item if method != "parameters"}
    if "GET" in wanted:
        wanted.add("HEAD")
    if answer.status != 405 or set(answer.headers.get("Allow", "").split(", ")) != wanted:
        wrong.append("PATCH %s: %d, Allow: %s" % (template, answer.status, answer.headers.get("Allow")))
    validate("PATCH " + template, document["components"]["schemas"]["Problem"], json.loads(answer.read()))


for template, item in document["paths"].items():
    check_methods(template, item)
ask("showHealth", "/healthz")
ask("showReadiness", "/readyz")
short = short_session("short")
late = short_session("late", "--purpose", "unblock")
session = open_session("main")
token = session["token"]
ask("openSession", "/v1/sessions/open", opening(read("main"), "nonce-of-the-test-2"), JSON)
ask("openSession", "/v1/sessions/open", {"code": "1"}, JSON, lawful=False)
ask("openSession", "/v1/sessions/open", {"code": "1" * 9000}, JSON, lawful=False)
ask("showSession", session_path(session), token=token)
ask("showSession", session_path(session))
signature = session_path(session, "/signature")
ask("putSignature", signature, read("cms", "rb"), CMS)
ask("putSignature", signature, read("cms", "rb"), JSON, token)
ask("putSignature", signature, b"no signature", CMS, token)
ask("putSignature", signature, None, CMS, token, announced=1200000)
first = ask("putSignature", signature, read("cms", "rb"), CMS, token)
again = ask("putSignature", signature, read("cms", "rb"), CMS, token)
if first != again:
    wrong.append("putSignature: another receipt")
ask("putSignature", signature, read("second", "rb"), CMS, token)
abandon = session_path(session, "/abandon")
ask("abandonSession", abandon, {"reason": "K-006"}, JSON, token)
ask("abandonSession", abandon, {"reason": "no"}, JSON, token, lawful=False)
ask("abandonSession", abandon, {"reason": "n" * 9000}, JSON, token, lawful=False)
ask("abandonSession", abandon, {"reason": "K-006"}, JSON)
older = {"code": read("unblock"), "nonce": "nonce-of-the-test-1", "kiosk": ""}
if ask("openSession", "/v1/sessions/open", older, JSON).get("code") != "K-419":
    wrong.append("openSession: a kiosk that knows nothing of unblocking")
unblock = open_session("unblock")
done = session_path(unblock, "/done")
ask("finishSession", done, {"result": "unblocked"}, JSON)
ask("finishSession", done, {"result": "no"}, JSON, unblock["token"], lawful=False)
ask("finishSession", done, {"result": "n" * 9000}, JSON, unblock["token"], lawful=False)
ask("finishSession", session_path(session, "/done"), {"result": "unblocked"}, JSON, token)
for i in range(2):
    ask("finishSession", done, {"result": "unblocked"}, JSON, unblock["token"])
if ask("abandonSession", session_path(unblock, "/abandon"), {"reason": "K-006"}, JSON, unblock["token"])["state"] != "done":
    wrong.append("abandonSession: what is done is not abandoned")
ask("showSession", session_path(unblock), token=unblock["token"])
given = open_session("given")
if ask("abandonSession", session_path(given, "/abandon"), {"reason": "K-006"}, JSON, given["token"])["state"] != "abandoned":
    wrong.append("abandonSession: not abandoned")
ask("showSession", session_path(given), token=given["token"])
while time.time() < max(short["expires"], late["expires"]) + 1:
    time.sleep(0.1)
ask("showSession", session_path(short), token=short["token"])
ask("finishSession", session_path(late, "/done"), {"result": "unblocked"}, JSON, late["token"])
ask("putSignature", session_path(short, "/signature"), read("cms", "rb"), CMS, short["token"])
open_session("short")
for i in range(6):
    ask("openSession", "/v1/sessions/open", opening("%017d" % i), JSON)

for operation, (template, method, described) in operations.items():
    for status in described["responses"]:
        if status != "503" and (operation, status) not in seen:
            wrong.append("%s %s: never seen" % (operation, status))
print("\n".join(wrong))
PY
is "every answer is described, every description seen" \
	"$(/usr/bin/python3 "$TMP/conform.py" "$URL" "$TMP" "$top_srcdir/src/portal/openapi.yaml" \
		"$PORTAL" code --config "$D/portal.conf" --database "$D/portal.db" --tckn "$TCKN" 2>&1)" ""
done_testing
