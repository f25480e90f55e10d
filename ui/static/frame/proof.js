// Works out an ALTCHA challenge (PoW v2) in a worker of our own, so that the page stays usable meanwhile.

export function prove(challenge) {
  return new Promise((resolve, reject) => {
    const worker = new Worker("/static/frame/solver.js");
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      resolve(btoa(JSON.stringify({ challenge, solution: data })));
    });
    worker.addEventListener("error", () => { worker.terminate(); reject(new TypeError("the proof of work failed")); });
    worker.postMessage(challenge.parameters);
  });
}
