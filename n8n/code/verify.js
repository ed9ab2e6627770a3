// Standard Webhooks, over the bytes that came: verified first, read afterwards.
const { createHmac, timingSafeEqual } = require('crypto');
const TOLERANCE = 300; // seconds between the sender's clock and ours, either way

const secrets = ($env[variable] || '').split(/\s+/).filter(Boolean);
if (!secrets.length) {
    throw new Error(`${variable} is not set: nothing can be verified, so nothing is accepted.`);
}
const { headers } = $input.first().json;
const body = await this.helpers.getBinaryDataBuffer(0, 'data');
const id = headers['webhook-id'] || '';
const timestamp = headers['webhook-timestamp'] || '';

function isSigned() {
    if (!id || !/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE) return false;
    const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
    const given = (headers['webhook-signature'] || '')
        .split(' ')
        .filter((one) => one.startsWith('v1,'))
        .map((one) => Buffer.from(one.slice(3), 'base64'));
    // every pair is compared, in constant time each
    let found = false;
    for (const secret of secrets) {
        const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
        const expected = createHmac('sha256', key).update(content).digest();
        for (const one of given) {
            if (one.length === expected.length && timingSafeEqual(one, expected)) found = true;
        }
    }
    return found;
}

if (!isSigned()) return [{ json: { genuine: false, status: 401 } }];
try {
    return [{ json: { genuine: true, id, event: JSON.parse(body.toString('utf8')) } }];
} catch {
    return [{ json: { genuine: false, status: 400 } }];
}
