// Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
// SPDX-License-Identifier: BSD-2-Clause

// The turns of user and bot, read from RTVI messages. Times are milliseconds.

export class Conversation {
  #list;
  #user = null;
  #bot = null;
  #speechEndedAt = null;
  #said = new Set();
  #break = null;

  constructor(list) {
    this.#list = list;
    list.replaceChildren();
  }

  // Nothing that is still open will be completed.
  end() {
    this.#user?.setOpen(false);
    this.#bot?.setOpen(false);
  }

  // One divider for each break: first the loss of the stream, then its outcome.
  noteBreak({ text, state }) {
    if (this.#break === null) {
      this.#break = document.createElement("li");
      this.#list.append(this.#break);
    }
    this.#break.className = "break";
    this.#break.dataset.state = state;
    this.#break.textContent = text;
    this.#break.scrollIntoView({ block: "nearest" });
    if (state !== "lost") this.#break = null;
  }

  take(type, data, now) {
    switch (type) {
      case "user-started-speaking":
        this.#beginUserTurn();
        break;
      case "user-stopped-speaking":
        this.#user?.setOpen(false);
        break;
      case "vad-user-stopped-speaking":
        this.#speechEndedAt = now;
        break;
      case "user-input":
        this.#hear(data, now);
        break;
      case "bot-started-speaking":
        if (!this.#bot?.isWaiting) this.#bot = this.#add("bot");
        this.#bot.isWaiting = false;
        this.#noteDelay(this.#bot, "answered", now);
        this.#speechEndedAt = null;
        break;
      case "bot-output":
        this.#say(data);
        break;
      case "bot-interrupted":
        this.#interrupt();
        break;
      case "bot-stopped-speaking":
        this.#bot?.setOpen(false);
        break;
      default:
        return;
    }
    this.#list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  // Text that is not final yet becomes final in the new turn.
  #beginUserTurn() {
    if (this.#user !== null && (!this.#user.isHeard || this.#user.isAhead)) {
      this.#user.setOpen(true);
      this.#user.isAhead = false;
      return;
    }
    const unsettled = this.#user?.takeInterim() ?? "";
    this.#user = this.#add("user");
    this.#user.setInterim(unsettled);
  }

  #hear({ text, final }, now) {
    if (this.#user === null || this.#isAnswered()) {
      this.#user = this.#add("user");
      this.#user.isAhead = true;
    }
    if (!final) {
      this.#user.setInterim(text);
      return;
    }
    this.#user.addFinal(text);
    this.#noteDelay(this.#user, "transcribed", now);
  }

  // Every turn of the user is reported as an interruption, even if the answer is over.
  #interrupt() {
    if (!this.#bot?.isOpen) return;
    this.#bot.note("interrupted");
    this.#bot.setOpen(false);
  }

  // Words after the answer belong to a turn whose beginning was not reported yet.
  #isAnswered() {
    return !this.#user.isOpen && this.#user.isHeard && this.#list.lastElementChild === this.#bot?.item;
  }

  // A segment is reported when it begins and again when it is done.
  #say({ text, segment_id }) {
    if (this.#said.has(segment_id)) return;
    this.#said.add(segment_id);
    // The text of an answer may arrive before its audio; it never belongs to the previous answer.
    if (!this.#bot?.isOpen) {
      this.#bot = this.#add("bot");
      this.#bot.isWaiting = true;
    }
    this.#bot.addFinal(text);
  }

  #noteDelay(turn, what, now) {
    if (this.#speechEndedAt === null) return;
    const seconds = ((now - this.#speechEndedAt) / 1000).toFixed(2);
    turn.note(`${what} after ${seconds} s`);
  }

  #add(speaker) {
    const turn = new Turn(speaker);
    this.#list.append(turn.item);
    return turn;
  }
}

class Turn {
  isWaiting = false; // for its sound
  isAhead = false; // of the report that it has begun
  #final = document.createElement("span");
  #interim = document.createElement("span");
  #note = document.createElement("p");
  #notes = new Map();

  constructor(speaker) {
    this.item = document.createElement("li");
    this.item.className = `turn ${speaker}`;
    this.setOpen(true);
    this.#final.className = "final";
    this.#interim.className = "interim";
    this.#note.className = "note";
    const text = document.createElement("p");
    text.append(this.#final, this.#interim);
    this.item.append(text, this.#note);
  }

  get isHeard() {
    return (this.#final.textContent + this.#interim.textContent).trim() !== "";
  }

  get isOpen() {
    return this.item.dataset.open === "true";
  }

  setOpen(isOpen) {
    this.item.dataset.open = isOpen;
  }

  setInterim(text) {
    this.#interim.textContent = text;
  }

  takeInterim() {
    const text = this.#interim.textContent;
    this.setInterim("");
    return text;
  }

  addFinal(text) {
    this.#final.textContent += `${text.trim()} `;
    this.#interim.textContent = "";
  }

  note(text) {
    this.#notes.set(text.split(" ")[0], text);
    this.#note.textContent = [...this.#notes.values()].join(", ");
  }
}
