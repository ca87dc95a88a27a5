"""The mail server of the tests: aiosmtpd, which shares no code with the program or its tests.

python server.py SOCKET MAILS listens on a free port of this machine and prints the port as its first line. What happens to a
mail is decided by the recipient, up to the first dot before the @: `bounce.anna@home.example` comes back later. Mails that
come back are handed over by LMTP at SOCKET. The last answer about each recipient stands in the folder MAILS, in a file of her
name: the text of the mail, or nothing; its time is that of the answer. The server ends when its standard input is closed, so
that it never outlives a test.
"""

import asyncio
import email
import email.policy
import pathlib
import smtplib
import sys
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from aiosmtpd.smtp import SMTP

# Refused for good.
REFUSED = {
    "nobody": "550 5.1.1 No such user here",
    "nodomain": "556 5.1.10 Recipient address has a null MX",
    "full": "552 5.2.2 Mailbox full",
    "filtered": "550 5.7.1 Rejected by policy",
}
# Refused at the first try, and taken at the next.
AT_FIRST = {
    "grey": "450 4.7.1 Greylisted, come back later",
    "later": "451 4.2.0 Mailbox is locked, try again later",
    "closing": "421 4.3.2 Shutting down",
}
# Seconds before a slow recipient is answered.
SLOW = 1.0


def kind_of(address: str) -> str:
    return address.split("@")[0].split(".")[0].lower()


def fields(named: dict[str, str]) -> Message:
    block = Message()
    for name, value in named.items():
        block[name] = value
    return block


def delivery_status(sender: str, recipient: str) -> bytes:
    """A notification as RFC 3464 has it, section 2."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "MAILER-DAEMON@mx.home.example"
    report["To"] = sender
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText("Your mail could not be delivered."))
    status = MIMEBase("message", "delivery-status")
    status.set_payload([
        fields({"Reporting-MTA": "dns; mx.home.example"}),
        fields({
            "Final-Recipient": f"rfc822; {recipient}",
            "Action": "failed",
            "Status": "5.1.1",
            "Diagnostic-Code": "smtp; 550 5.1.1 No such user here",
        }),
    ])
    report.attach(status)
    return report.as_bytes()


def challenge(sender: str, recipient: str) -> bytes:
    """What a filter asks that lets in only senders who are people."""
    question = EmailMessage()
    question["From"] = recipient
    question["To"] = sender
    question["Subject"] = "Votre message est en attente"
    question.set_content("Cliquez sur le lien pour prouver que vous êtes humain : https://filter.example/q")
    return question.as_bytes()


ANSWERED_LATER = {"bounce": delivery_status, "challenge": challenge}


class Handler:
    def __init__(self, socket: str, mails: str) -> None:
        self.socket = socket
        self.mails = pathlib.Path(mails)
        self.tried: set[str] = set()
        # Tasks that nothing refers to may be collected before they end.
        self.later: set[asyncio.Task] = set()

    def is_first(self, address: str) -> bool:
        is_first = address not in self.tried
        self.tried.add(address)
        return is_first

    def note(self, recipient: str, text: str = "") -> None:
        # In one step, so that nobody reads half a mail.
        half = self.mails.joinpath(f"{recipient}.half")
        half.write_text(text)
        half.replace(self.mails.joinpath(recipient))

    async def handle_RCPT(self, server, session, envelope, address, options):
        kind = kind_of(address)
        if kind in REFUSED:
            self.note(address)
            return REFUSED[kind]
        if kind in AT_FIRST and self.is_first(address):
            self.note(address)
            return AT_FIRST[kind]
        if kind == "slow":
            await asyncio.sleep(SLOW)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        recipient = envelope.rcpt_tos[0]
        kind = kind_of(recipient)
        if kind == "drop" and self.is_first(recipient):
            server.transport.abort()
            return "421 4.4.2 Connection dropped"
        if kind in ANSWERED_LATER:
            mail = ANSWERED_LATER[kind](envelope.mail_from, recipient)
            task = asyncio.create_task(asyncio.to_thread(self.hand_over, envelope.mail_from, mail))
            self.later.add(task)
            task.add_done_callback(self.later.discard)
        taken = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.note(recipient, taken.get_body(("plain",)).get_content())
        return "250 2.0.0 Taken"

    def hand_over(self, to: str, mail: bytes) -> None:
        with smtplib.LMTP(self.socket) as lmtp:
            lmtp.sendmail("", [to], mail)


async def main() -> None:
    handler = Handler(sys.argv[1], sys.argv[2])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="mx.home.example"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
