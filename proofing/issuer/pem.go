package issuer

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// ParseCA takes one or more certificates in PEM, the roots to trust instead of
// this machine's. It returns [ErrConfig] for anything else: a file with a key in
// it, or with text between, is not what somebody meant.
func ParseCA(file []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	rest := bytes.TrimSpace(file)
	for len(rest) > 0 {
		block, after := pem.Decode(rest)
		if block == nil || !bytes.HasPrefix(rest, []byte("-----BEGIN ")) {
			return nil, fmt.Errorf("read certificates of the issuer's service: %w: not PEM", ErrConfig)
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("read certificates of the issuer's service: %w: a %.40q is no CERTIFICATE", ErrConfig, block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read certificates of the issuer's service: %w: %w", ErrConfig, err)
		}
		pool.AddCert(certificate)
		rest = bytes.TrimSpace(after)
	}
	if pool.Equal(x509.NewCertPool()) {
		return nil, fmt.Errorf("read certificates of the issuer's service: %w: nothing in it", ErrConfig)
	}
	return pool, nil
}

// ParseClient takes the certificate that this agency shows, with its chain, and
// its private key, both in PEM. It returns [ErrConfig]; the error holds nothing
// of the key.
func ParseClient(certificate, key []byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("read certificate of this agency: %w: %w", ErrConfig, err)
	}
	return &pair, nil
}
