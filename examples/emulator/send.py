"""A notification by LINE's own SDK for Python (line-bot-sdk 3.26 or newer), sent to the emulator: `python send.py URL`."""

import sys
from hashlib import sha256

from linebot.v3.messaging import ApiClient, Configuration, MessagingApi
from linebot.v3.messaging.models import PnpMessagesRequest, PnpTemplatedMessageRequest, TextMessage

url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
to = sha256(b"+818000001201").hexdigest()  # the emulator's person who gets the message
# Leave `host` out, and it goes to LINE.
line = MessagingApi(ApiClient(Configuration(host=url, access_token="any")))
line.push_templated_messages_by_phone(
    PnpTemplatedMessageRequest(to=to, templateKey="shipment_completed_ja"), "shipment-A1B2C3D4-0"
)
line.push_messages_by_phone(PnpMessagesRequest(to=to, messages=[TextMessage(text="発送しました")]))
