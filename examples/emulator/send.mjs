// A notification by LINE's own SDK for Node (@line/bot-sdk 11), sent to the emulator: node send.mjs URL
import { createHash } from "node:crypto";
import { LineBotClient } from "@line/bot-sdk";

const url = process.argv[2] ?? "http://127.0.0.1:8080";
const to = createHash("sha256").update("+818000001201").digest("hex"); // the emulator's person who gets the message
// Leave `apiBaseURL` out, and it goes to LINE.
const line = LineBotClient.fromChannelAccessToken({ channelAccessToken: "any", apiBaseURL: url });
await line.pushMessagesByPhone({ to, messages: [{ type: "text", text: "発送しました" }] });
