// A kernel with the bookkeeping that a page needs: which run a message belongs to, and when that run has ended.
import { BrowserKernel } from "./browser.js";
import { LocalKernel } from "./local.js";
import { message } from "./messages.js";

const PRINTED = new Set(["stream", "display_data", "execute_result", "update_display_data", "clear_output", "error"]);

export class Session {
  runs = new Map(); // message id -> { output, finish }
  kernel = null;
  capture = (_said) => false; // an Output widget may take what is printed
  onComm = null; // what is said to a widget
  onDeath = null; // and why there is no Python any more

  static async open(progress) {
    const session = new Session();
    session.kernel = new ((await LocalKernel.offered()) ? LocalKernel : BrowserKernel)();
    await session.kernel.start(progress, (said) => session.receive(said));
    return session;
  }

  // Ask for something; `output` gets every message that says what came of it. Ends when the kernel is idle again.
  ask(type, content, output, options) {
    const sent = message(type, content, options);
    const ended = new Promise((finish) => this.runs.set(sent.header.msg_id, { output, finish }));
    this.kernel.send(sent);
    return { id: sent.header.msg_id, ended };
  }

  run(code, output) {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: false };
    return this.ask("execute_request", content, output).ended;
  }

  async complete(code, position) {
    let found = null;
    const content = { code, cursor_pos: position };
    await this.ask("complete_request", content, (said) => said.msg_type === "complete_reply" && (found = said.content)).ended;
    return found;
  }

  receive(said) {
    if (said.dead) return this.abandon(said.dead);
    const kind = said.msg_type;
    if (kind.startsWith("comm_")) return this.onComm?.(said);
    const run = this.runs.get(said.parent_header.msg_id);
    if (!run || (PRINTED.has(kind) && this.capture(said))) return;
    run.output(kind === "input_request" ? { ...said, answer: (value) => this.kernel.answer(said, value) } : said);
    if (kind === "status") run.idle ||= said.content.execution_state === "idle";
    if (kind.endsWith("_reply")) run.reply = said.content;
    // A comm message gets no reply, and an answer to a question may come before or after the kernel says it is idle.
    if (run.idle && (run.reply || said.parent_header.msg_type === "comm_msg")) run.finish(run.reply);
  }

  abandon(sentence) {
    for (const run of this.runs.values()) run.finish({ status: "abandoned", sentence });
    this.runs.clear();
    this.onDeath?.(sentence);
  }

  async restart() {
    for (const run of this.runs.values()) run.finish({ status: "abandoned", sentence: "Python was restarted." });
    this.runs.clear();
    await this.kernel.restart();
  }

  close() {
    this.kernel.close();
  }
}
