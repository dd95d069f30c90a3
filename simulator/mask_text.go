package simulator

// maskText replaces each byte by the one that stands for its class. Separators,
// spaces and NUL stay: they are the structure that a decoder stumbles over.
func maskText(original []byte) []byte {
	kept := make([]byte, len(original))
	for i, b := range original {
		kept[i] = maskByte(b)
	}
	return kept
}

// maskByte knows the classes of Windows-874, of which TIS-620 is a part.
func maskByte(b byte) byte {
	switch {
	case b == 0 || b == ' ' || b == '#' || b == '/' || b == '-' || b == '.':
		return b
	case b >= '0' && b <= '9':
		return '0'
	case b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z':
		return 'X'
	case b < ' ' || b == 0x7F:
		return 0x01 // a control character
	case b < 0x80:
		return '!' // other punctuation
	case b == 0x80 || b == 0x85 || b >= 0x91 && b <= 0x97:
		return 0x85 // Windows-874 has it, TIS-620 has not
	case b == 0xA0:
		return b // a space that doesn't break
	case b >= 0xF0 && b <= 0xF9:
		return 0xF0 // a Thai digit
	case b >= 0xA1 && b <= 0xDA || b >= 0xDF && b <= 0xFB:
		return 0xA1 // ก stands for all of Thai
	}
	return 0xFF // no character at all
}
