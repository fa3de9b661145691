// Moving along a path: a place, which may lie between two steps, and what play, pause, step and scrub do to it.

import { clock } from "./controls.js";

const STRIDE = 5; // steps a second of a single step
const CALM = 3; // steps a second at most where motion is unwelcome: there play takes whole steps

export class Motion {
  // `last()` is the number of the last step; `moved()` is called after every change.
  constructor(last, moved) {
    this.last = last;
    this.moved = moved;
    this.place = 0;
    this.playing = false;
    this.goal = null;
    this.speed = 3;
    this.timer = 0;
    this.clock = clock((seconds) => this.tick(seconds));
  }

  get step() {
    return Math.floor(this.place + 1e-9);
  }

  get moving() {
    return this.playing || this.goal !== null;
  }

  tick(seconds) {
    const aim = this.goal ?? this.last();
    const [left, way] = [aim - this.place, seconds * (this.goal === null ? this.speed : STRIDE)];
    this.place = Math.abs(left) > way ? this.place + Math.sign(left) * way : aim;
    if (this.place === aim) this.halt();
    this.moved();
    return this.moving;
  }

  stride() {
    this.place = Math.min(this.last(), this.step + 1);
    if (this.place >= this.last()) this.halt();
    this.moved();
  }

  play() {
    if (this.place >= this.last()) this.place = 0;
    this.playing = true;
    this.goal = null;
    if (this.clock.calm) this.timer = setInterval(() => this.stride(), 1000 / Math.min(CALM, this.speed));
    else this.clock.start();
    this.moved();
  }

  halt() {
    this.playing = false;
    this.goal = null;
    this.clock.stop();
    clearInterval(this.timer);
  }

  pause() {
    this.jump(this.step);
  }

  jump(step) {
    this.halt();
    this.place = Math.max(0, Math.min(this.last(), step));
    this.moved();
  }

  // One step on is walked, where motion is welcome; one back is jumped.
  on() {
    this.walk(this.step + 1);
  }

  // To a step, walked there where motion is welcome.
  walk(step) {
    if (this.clock.calm || step > this.last()) return this.jump(step);
    this.halt();
    this.goal = step;
    this.clock.start();
    return this.moved();
  }

  back() {
    this.jump(Math.ceil(this.place - 1e-9) - 1);
  }

  pace(speed) {
    this.speed = speed;
    if (!this.playing) return;
    this.halt();
    this.play();
  }

  // The path has become another one.
  shorten() {
    this.place = Math.min(this.place, this.last());
    if (this.goal > this.last()) this.halt();
  }
}
