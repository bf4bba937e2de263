"""Figures of eonay beside OpenSC's tools on the same virtual card: see measure.sh."""
import argparse
import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import termios
import time

RUNS = 5
PIN = "123456"


class Trace:
    """The virtual card's trace: APDUs and bytes since the last look."""

    def __init__(self, path):
        self.path = path
        self.at = os.path.getsize(path)

    def take(self):
        with open(self.path, encoding="utf-8") as file:
            file.seek(self.at)
            lines = file.read().splitlines()
            self.at = file.tell()
        sent = [line[2:] for line in lines if line.startswith("> ")]
        received = [line[2:] for line in lines if line.startswith("< ")]
        return {"apdus": len(sent), "bytes": sum(len(x) // 2 for x in sent + received), "commands": sent}


def run(command, work, stdin=None):
    """Wall and CPU seconds and the largest process's memory of one command and what it started.

    time(1) stands between, for a process that Python forks has had Python's memory."""
    peak = f"{work}/peak"
    before = time.monotonic()
    process = subprocess.Popen(["/usr/bin/time", "-o", peak, "-f", "%M"] + command, stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stdin.write((stdin or "").encode())
    process.stdin.close()
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {process.returncode}: {error.decode(errors='replace')}")
    with open(peak, encoding="ascii") as file:
        return {"wall_s": wall, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_kib": int(file.read())}


def measured(trace, work, make_command, stdin=None):
    """Median figures of a command over RUNS runs after one to warm up; APDUs of the last run."""
    runs = []
    for number in range(RUNS + 1):
        command = make_command(number)
        trace.take()
        runs.append(run(command, work, stdin))
    card = trace.take()
    figures = {key: statistics.median(r[key] for r in runs[1:]) for key in runs[0]}
    return figures | {"apdus": card["apdus"], "bytes": card["bytes"], "commands": card["commands"]}


class Screen:
    """The full-screen program on a pseudo-terminal: what it writes, when, and how much."""

    def __init__(self, command, columns=80, rows=24):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = b""

    def read(self, seconds):
        """What comes within so many seconds, at once when something comes."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.output += data
        return data

    def text(self):
        """All words written so far, without the terminal's sequences and the blanks between."""
        plain = re.sub(rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07]*\x07|[()][A-Z0-9]|[=>78M])", b"", self.output)
        return re.sub(r"\s+", "", plain.decode("utf-8", "replace"))

    def wait(self, words, seconds=20):
        """Until the words were written."""
        end = time.monotonic() + seconds
        while words.replace(" ", "") not in self.text():
            if time.monotonic() > end:
                raise SystemExit(f"not seen: {words}; the screen wrote: {self.text()[-800:]}")
            self.read(0.2)

    def settle(self):
        """Until the burst that drew the screen is over."""
        while self.read(0.3):
            pass

    def mark(self):
        """From here on only what is new counts in text()."""
        total, self.output = len(self.output), b""
        return total

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def cpu_s(self):
        with open(f"/proc/{self.pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e9

    def peak_kib(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmHWM:\s*(\d+)", file.read())[1])

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def first_screen(command):
    """Until the first screen is there: wall seconds; until it is whole: CPU seconds and peak memory."""
    runs = []
    for _ in range(RUNS):
        began = time.monotonic()
        screen = Screen(command)
        screen.wait("Doğrulama Kodu")
        wall = time.monotonic() - began
        screen.settle()
        runs.append({"wall_s": wall, "cpu_s": screen.cpu_s(), "peak_kib": screen.peak_kib()})
        screen.end()
    return {key: statistics.median(r[key] for r in runs) for key in runs[0]}


def quiet_bytes(screen, seconds):
    """Bytes written while nothing happens."""
    screen.settle()
    total, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        total += len(screen.read(0.2))
    return total


def tick_bytes(screen, ticks=5):
    """The largest burst of output while only the countdown runs."""
    bursts = []
    while len(bursts) < ticks:
        data = screen.read(3)
        if not data:
            raise SystemExit("the countdown stands still")
        time.sleep(0.05)
        while select.select([screen.fd], [], [], 0)[0]:
            data += screen.read(0)
        bursts.append(len(data))
    return max(bursts)


def ceremony(arguments, trace):
    """The whole story on the screen: bytes written, cost of a tick, memory, APDUs from PIN to signature."""
    screen = Screen([f"{arguments.build}/eonay", "--config", arguments.config])
    screen.wait("Doğrulama Kodu")
    quiet = quiet_bytes(screen, 3)
    code = subprocess.run(["bash", "-c", f"{os.environ['PORTAL_CODE']}; portal_code {arguments.portal}"],
                          check=True, capture_output=True, text=True).stdout.strip()
    screen.type(code + "\r")
    screen.wait("İmzalanacak Metin 1:")
    screen.settle()
    total = screen.mark()
    tick = tick_bytes(screen)
    screen.type("\r")
    screen.wait("Sertifika Seçiniz")
    total += screen.mark()
    screen.type("\x1b[B\r")
    screen.wait("İMZALA")
    total += screen.mark()
    trace.take()
    screen.type(PIN + "\r")
    screen.wait("Tarayıcınıza giderek", 30)
    card = trace.take()
    total += screen.mark()
    peak = screen.peak_kib()
    cpu = screen.cpu_s()
    screen.end()
    return {"terminal_bytes": total, "tick_bytes": tick, "quiet_bytes": quiet, "peak_kib": peak, "cpu_s": cpu,
            "pin_to_signature": upto_signature(card["commands"])}


def upto_signature(commands):
    """The APDUs up to and with PSO: COMPUTE DIGITAL SIGNATURE."""
    for index, command in enumerate(commands):
        if command.startswith("002A9E9A"):
            return commands[:index + 1]
    raise SystemExit("no signature was asked of the card")


def show(figures):
    rows = [("", "eonay", "OpenSC", "ratio")]
    for name, key in (("certificate list", "list"), ("one signature", "sign")):
        ours, theirs = figures[key]["eonay"], figures[key]["opensc"]
        for unit in ("apdus", "bytes", "wall_s", "cpu_s", "peak_kib"):
            rows.append((f"{name}, {unit}", f"{ours[unit]:.4g}", f"{theirs[unit]:.4g}",
                         f"{ours[unit] / theirs[unit]:.2f}"))
    c = figures["ceremony"]
    first = figures["first_screen"]
    rows += [("first screen, wall ms", f"{first['wall_s'] * 1000:.1f}", "", ""),
             ("first screen, CPU ms", f"{first['cpu_s'] * 1000:.1f}", "", ""),
             ("first screen, peak KiB", f"{first['peak_kib']:.0f}", "", ""),
             ("ceremony, terminal bytes", c["terminal_bytes"], "", ""),
             ("ceremony, bytes a countdown tick", c["tick_bytes"], "", ""),
             ("ceremony, bytes while nothing changes", c["quiet_bytes"], "", ""),
             ("ceremony, screen process CPU ms", f"{c['cpu_s'] * 1000:.1f}", "", ""),
             ("ceremony, screen process peak KiB", c["peak_kib"], "", ""),
             ("PIN to signature, APDUs", len(c["pin_to_signature"]), "", "")]
    for row in rows:
        print(f"{row[0]:40}{row[1]:>10}{row[2]:>10}{row[3]:>8}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("build", "trace", "config", "portal", "text", "work", "out"):
        parser.add_argument("--" + name, required=True)
    a = parser.parse_args()
    eonay = [f"{a.build}/eonay", "--config", a.config]
    trace = Trace(a.trace)
    figures = {
        "list": {
            "eonay": measured(trace, a.work, lambda n: [eonay[0], "card", "list", "--config", a.config]),
            "opensc": measured(trace, a.work, lambda n: ["pkcs15-tool", "--reader", "0", "-c"]),
        },
        "sign": {
            "eonay": measured(trace, a.work, lambda n: [
                eonay[0], "sign", "--config", a.config, "--cert", "01", "--pin-fd", "0", "-o", f"{a.work}/out{n}.p7s", a.text],
                PIN),
            "opensc": measured(trace, a.work, lambda n: [
                "pkcs11-tool", "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "01", "--pin", PIN,
                "--input-file", a.text, "--output-file", f"{a.work}/raw{n}"]),
        },
        "first_screen": first_screen(eonay),
        "ceremony": ceremony(a, trace),
    }
    with open(a.out, "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1)
    show(figures)


if __name__ == "__main__":
    main()
