#!/usr/bin/python3
"""A real SMTP server (Debian's python3-aiosmtpd) for tests: three ports, a line of JSON for each thing that happens.

    mail_server.py CERTIFICATE KEY

Prints {"ready": {"starttls": port, "tls": port, "plain": port}}, then {"mail": {...}} for each mail, read by Python's
own parser. The user is alerts@example.com with the password s3cret-通行. Ends with its standard input.
What a recipient's name says is done: refused@ 550, grey@ 451, cut@ the connection is lost after the final dot.
"""
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)  # what is refused is refused on purpose


def say(what):
    print(json.dumps(what, ensure_ascii=False), flush=True)


def login(server, session, envelope, mechanism, data):
    good = data.login == b"alerts@example.com" and data.password == "s3cret-通行".encode()
    session.mechanism = mechanism
    return AuthResult(success=good, handled=good)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 no such user"
        if address.startswith("grey@"):
            return "451 4.7.1 greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        if b"\n" in envelope.original_content.replace(b"\r\n", b""):
            return "550 5.6.0 a bare line feed"
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        say({"mail": {
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "login": getattr(session, "mechanism", None),
            "encrypted": session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            "defects": [str(one) for one in mail.defects], "headers": {name: str(value) for name, value in mail.items()},
            "text": mail.get_body(("plain",)).get_content(), "html": mail.get_body(("html",)).get_content()}})
        if any(one.startswith("cut@") for one in envelope.rcpt_tos):
            server.transport.abort()
        return "250 2.0.0 queued as 4F2A"


async def main(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    handler = Handler()

    def starttls():
        return SMTP(handler, tls_context=context, require_starttls=True, auth_required=True, authenticator=login)

    def tls():
        return SMTP(handler, auth_required=True, auth_require_tls=False, authenticator=login)

    servers = {
        "starttls": await loop.create_server(starttls, "127.0.0.1", 0),
        "tls": await loop.create_server(tls, "127.0.0.1", 0, ssl=context),
        "plain": await loop.create_server(lambda: SMTP(handler), "127.0.0.1", 0),
    }
    say({"ready": {name: server.sockets[0].getsockname()[1] for name, server in servers.items()}})
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main(sys.argv[1], sys.argv[2]))
