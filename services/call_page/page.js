"use strict";
(() => {
  const audio = document.querySelector("audio");
  const picture = document.querySelector(".line svg");
  if (!audio || !picture) return;
  const left = Number(picture.dataset.left), perS = Number(picture.dataset.perS);
  const now = picture.querySelector(".now");
  const hear = (seconds) => { audio.currentTime = Math.max(0, seconds); audio.play(); };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-at]");
    if (button) { hear(Number(button.dataset.at)); return; }
    if (!event.target.closest(".line svg")) return;
    const scale = picture.viewBox.baseVal.width / picture.getBoundingClientRect().width;
    hear(((event.clientX - picture.getBoundingClientRect().left) * scale - left) / perS);
  });
  const follow = () => {
    const x = left + audio.currentTime * perS;
    now.setAttribute("x1", x); now.setAttribute("x2", x);
    if (!audio.paused) requestAnimationFrame(follow);
  };
  audio.addEventListener("play", follow);
  audio.addEventListener("seeked", follow);
})();
