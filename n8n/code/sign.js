// Every try has the same webhook-id and content, and a time stamp of its own.
const { createHmac } = require('crypto');

const secret = ($env.EXCEPTION_ENDPOINT_SECRET || '').split(/\s+/)[0];
if (!secret || !$env.EXCEPTION_ENDPOINT_URL) {
    throw new Error('Set EXCEPTION_ENDPOINT_URL and EXCEPTION_ENDPOINT_SECRET.');
}
const { event } = $('Event for the desk').first().json;
const body = JSON.stringify(event);
const timestamp = String(Math.floor(Date.now() / 1000));
const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
const signature = createHmac('sha256', key)
    .update(`${event.id}.${timestamp}.${body}`)
    .digest('base64');
return [{ json: { id: event.id, timestamp, signature: `v1,${signature}`, body } }];
