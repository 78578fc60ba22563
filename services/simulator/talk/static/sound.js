// Microphone and loudspeaker of the page. Nothing is opened before somebody has pressed a button.
const OPENS_MS = 3000;
const WORDS = {
  NotAllowedError: "The microphone is not allowed here. Allow it in the browser's address bar, or type what you would say.",
  NotFoundError: "There is no microphone. Type what you would say.",
  NotReadableError: "Another program uses the microphone. Close it, or type what you would say.",
};

export class Sound {
  constructor(onFrame) {
    this.onFrame = onFrame; // (bytes, loudest)
    this.muted = false;
    this.stream = null;
    this.source = null;
  }

  // Returns words for a person where there is no loudspeaker, else "".
  async listen() {
    if (this.context) return this.opens();
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule("speaker.js");
    await this.context.audioWorklet.addModule("microphone.js");
    this.speaker = new AudioWorkletNode(this.context, "speaker", { outputChannelCount: [1], numberOfInputs: 0 });
    this.speaker.connect(this.telephone()).connect(this.context.destination);
    return this.opens();
  }

  // Without a loudspeaker Firefox neither resumes nor says that it does not.
  async opens() {
    const late = new Promise((resolve) => setTimeout(resolve, OPENS_MS));
    await Promise.race([this.context.resume(), late]);
    return this.context.state === "running" ? "" : "No loudspeaker opens here. Read what is said, and type what you would say.";
  }

  // Returns words for a person where there is no microphone, else "".
  async speak() {
    const silent = await this.listen();
    if (silent) return silent;
    if (!navigator.mediaDevices) return "This browser gives no microphone to this address. Open it by 127.0.0.1.";
    try {
      const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    } catch (error) {
      return WORDS[error.name] || `The microphone cannot be used (${error.name}). Type what you would say.`;
    }
    const worklet = new AudioWorkletNode(this.context, "microphone", { numberOfOutputs: 0 });
    worklet.port.onmessage = ({ data }) => {
      if (this.stream && !this.muted) this.onFrame(data.frame, data.loudest);
    };
    this.source = this.context.createMediaStreamSource(this.stream);
    this.source.connect(this.telephone()).connect(this.telephone()).connect(worklet);
    return "";
  }

  // Nothing above what a telephone carries: else it would come back as a false tone at 8 kHz.
  telephone() {
    return new BiquadFilterNode(this.context, { type: "lowpass", frequency: 3300, Q: 0.7 });
  }

  play(channel, frame) {
    if (this.speaker) this.speaker.port.postMessage({ channel, frame }, [frame]);
  }

  silence() {
    if (this.speaker) this.speaker.port.postMessage({ clear: true });
  }

  stop() {
    this.silence();
    if (this.source) this.source.disconnect();
    for (const track of this.stream ? this.stream.getTracks() : []) track.stop();
    this.source = this.stream = null;
  }
}
