// Verifies our tokens with jose and makes some of its own, for cross_test.go.
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from 'jose'

const work = JSON.parse(process.argv[2])
const publicKey = await importJWK(work.public, 'ES256')
const privateKey = await importJWK(work.private, 'ES256')

const verified = []
for (const { typ, token, now, issuer, audience } of work.verify) {
  const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
    typ, issuer, audience, algorithms: ['ES256'], currentDate: new Date(now * 1000), requiredClaims: ['iat', 'exp', 'jti'],
  })
  if (protectedHeader.kid !== work.kid) throw new Error('another kid')
  verified.push(payload)
}

const signed = []
for (const { typ, claims } of work.sign) {
  signed.push(await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ, kid: work.kid }).sign(privateKey))
}

console.log(JSON.stringify({ verified, signed, kid: await calculateJwkThumbprint(work.public) }))
