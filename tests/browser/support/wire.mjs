// Stands between the browser and the host and counts what goes over the wire, headers included: each request by its first
// line, and the bytes that came back on its connection until the next one. What a page shows has been counted.
import { connect, createServer } from "node:net";

export async function startWire() {
  const asked = [];
  const sockets = new Set();
  let target = 0;
  const server = createServer((browser) => {
    const host = connect(target, "127.0.0.1");
    let current;
    browser.on("data", (bytes) => {
      const first = /^(GET|HEAD|POST) (\S+) HTTP\/1\.1\r\n/.exec(bytes.toString("latin1"));
      if (!first) return;
      current = { what: `${first[1]} ${first[2]}`, bytes: 0 };
      asked.push(current);
    });
    host.on("data", (bytes) => (current.bytes += bytes.length));
    browser.pipe(host).pipe(browser);
    for (const [one, other] of [
      [browser, host],
      [host, browser],
    ]) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const name = `127.0.0.1:${server.address().port}`;
  return {
    name,
    url: `http://${name}/`,
    pointAt: (port) => (target = port),
    /** What was asked, each with its bytes so far. */
    asked: () => asked.map((one) => ({ ...one })),
    forget: () => asked.splice(0),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
