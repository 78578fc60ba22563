// Frames of 20 ms at 8 kHz to the loudspeaker. What the network cleared never comes here; what is
// kept against a network that stutters is so short that a caller who cuts in is heard at once.
import { decoded, RATE } from "./mulaw.js";

const BEGINS_WITH = 480; // samples: 60 ms
const AT_MOST = 1600; // 200 ms; the oldest of more is left out

class Speaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = RATE / sampleRate;
    this.channels = [this.empty(), this.empty()]; // the agent's, the caller's
    this.port.onmessage = ({ data }) => {
      if (data.clear) this.channels = [this.empty(), this.empty()];
      else this.put(this.channels[data.channel], new Uint8Array(data.frame));
    };
  }

  empty() {
    return { waiting: [], at: 0, plays: false };
  }

  put(channel, bytes) {
    for (const byte of bytes) channel.waiting.push(decoded(byte));
    if (channel.waiting.length > AT_MOST) channel.waiting.splice(0, channel.waiting.length - AT_MOST);
    if (channel.waiting.length >= BEGINS_WITH) channel.plays = true;
  }

  next(channel) {
    if (!channel.plays) return 0;
    const whole = Math.floor(channel.at);
    const here = channel.waiting[whole];
    const there = channel.waiting[whole + 1];
    if (there === undefined) {
      channel.waiting.length = 0;
      channel.at = 0;
      channel.plays = false;
      return 0;
    }
    const sample = here + (there - here) * (channel.at - whole);
    channel.at += this.step;
    if (channel.at >= 256) {
      channel.waiting.splice(0, 256);
      channel.at -= 256;
    }
    return sample;
  }

  process(_inputs, outputs) {
    const out = outputs[0][0];
    for (let index = 0; index < out.length; index++) {
      out[index] = this.next(this.channels[0]) + this.next(this.channels[1]);
    }
    return true;
  }
}

registerProcessor("speaker", Speaker);
