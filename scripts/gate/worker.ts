import { parentPort, workerData } from "node:worker_threads";
import { Simulation, type SimulationInput } from "./simulate";
import { perform, type Task } from "./work";

// A worker thread of pool.ts: it computes one task after the other.
const simulation = new Simulation(workerData as SimulationInput);
parentPort?.on("message", (task: Task) => parentPort?.postMessage(perform(simulation, task)));
