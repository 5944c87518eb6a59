// Stands between the host and its engine, passes everything on, and can be told to misbehave: hold an answer back, answer
// something else, or be gone. It keeps what was asked.
import { createServer, request as send } from "node:http";

/**
 * A rule looks at {method, path, body} and gives what to answer instead: {status, type, body}, {bytes}, {hold: Promise},
 * nothing; or {rewrite: what the engine's JSON becomes, ask: the body that the engine gets}.
 */
export async function startProxy(target) {
  const to = new URL(target);
  const sockets = new Set();
  const asked = [];
  let rule = () => undefined;

  const rewritten = (answer, outgoing, rewrite) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => {
      const text = JSON.stringify(rewrite(JSON.parse(Buffer.concat(parts).toString())));
      outgoing.writeHead(answer.statusCode ?? 502, { "Content-Type": "application/json" });
      outgoing.end(text);
    });
  };

  const pass = (incoming, body, outgoing, entry, rewrite) => {
    const options = { host: to.hostname, port: to.port, method: incoming.method, path: incoming.url };
    const headers = { ...incoming.headers, ...(rewrite ? { "accept-encoding": "identity" } : {}) };
    if (headers["content-length"]) headers["content-length"] = Buffer.byteLength(body);
    const onwards = send({ ...options, agent: false, headers }, (answer) => {
      if (rewrite && answer.statusCode === 200) return rewritten(answer, outgoing, rewrite);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on("end", () => (entry.answered = true));
    });
    onwards.on("error", () => outgoing.destroy());
    onwards.end(body);
  };

  const huge = async (outgoing, bytes) => {
    outgoing.writeHead(200, { "Content-Type": "application/json" });
    outgoing.write("[");
    const block = Buffer.alloc(1 << 20, " ");
    for (let sent = 0; sent < bytes && !outgoing.destroyed; sent += block.length) {
      if (!outgoing.write(block)) {
        await new Promise((resolve) => {
          const go = () => {
            outgoing.off("drain", go);
            outgoing.off("close", go);
            resolve();
          };
          outgoing.once("drain", go);
          outgoing.once("close", go);
        });
      }
    }
    outgoing.end("]");
  };

  const server = createServer((incoming, outgoing) => {
    const parts = [];
    incoming.on("data", (part) => parts.push(part));
    incoming.on("end", async () => {
      const body = Buffer.concat(parts);
      const { method, url: path, headers } = incoming;
      const signedIn = headers.authorization !== undefined;
      const entry = { method, path, signedIn, body: body.toString(), answered: false };
      asked.push(entry);
      const instead = rule(entry);
      if (instead?.hold) await instead.hold;
      if (outgoing.destroyed) return;
      if (instead?.status) {
        outgoing.writeHead(instead.status, { "Content-Type": instead.type ?? "application/json", ...instead.headers });
        outgoing.end(instead.body ?? "");
        entry.answered = true;
      } else if (instead?.bytes) await huge(outgoing, instead.bytes);
      else pass(incoming, instead?.ask ?? body, outgoing, entry, instead?.rewrite);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  const listen = (port) => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address();

  return {
    url: `http://127.0.0.1:${port}${to.pathname}`,
    asked,
    /** What is done to requests from now on; nothing special without a rule. */
    behave(next = () => undefined) {
      rule = next;
    },
    /** Refuses connections, and cuts those there are, until up(). */
    async down() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    up: () => listen(port),
    /** All is well again, whatever was played. */
    async well() {
      rule = () => undefined;
      if (!server.listening) await listen(port);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
