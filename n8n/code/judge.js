// What is the desk's answer: taken, to be tried again, or refused for good?
const WAITS = [5, 10, 20, 40, 70, 150, 300, 600, 1800, 3600, 7200, 14400]; // seconds

const answer = $input.first().json;
const status = Number(answer.statusCode) || 0; // none: refused connection, time out, reset
const tries = $runIndex + 1;
if (status >= 200 && status < 300) return [{ json: { verdict: 'taken', status, tries } }];

const passing = !status || status >= 500 || status === 408 || status === 429;
if (!passing || tries > WAITS.length) {
    const why = passing ? `gave up after ${tries} tries` : 'it will not take this event';
    return [{ json: { verdict: 'refused', status, tries, problem: `The desk: ${why}` } }];
}
const asked = Number(answer.headers?.['retry-after']) || 0;
const wait = WAITS[tries - 1] * (1 + Math.random() / 5); // jitter: not all at once
return [{ json: { verdict: 'again', status, tries, wait: Math.max(wait, Math.min(asked, 3600)) } }];
