// From the microphone, already low-passed, to frames of 20 ms at 8 kHz.
import { encoded, FRAME, RATE } from "./mulaw.js";

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE; // samples in for one out
    this.at = 0; // where the next one out lies, counted from `last`
    this.last = 0;
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.loudest = 0;
  }

  process(inputs) {
    const samples = inputs[0][0];
    if (!samples) return true;
    for (const sample of samples) {
      while (this.at < 1) {
        this.take(this.last + (sample - this.last) * this.at);
        this.at += this.step;
      }
      this.at -= 1;
      this.last = sample;
    }
    return true;
  }

  take(sample) {
    this.loudest = Math.max(this.loudest, Math.abs(sample));
    this.frame[this.filled++] = encoded(sample);
    if (this.filled === FRAME) {
      this.port.postMessage({ frame: this.frame.buffer, loudest: this.loudest }, [this.frame.buffer]);
      this.frame = new Uint8Array(FRAME);
      this.filled = this.loudest = 0;
    }
  }
}

registerProcessor("microphone", Microphone);
