/* SPDX-License-Identifier: Apache-2.0 */
import java.security.*;

class CANARY {
	byte[] seal(byte[] CANARY_data) throws NoSuchAlgorithmException {
		return MessageDigest.getInstance("SHA-256").digest(CANARY_data);
	}
}
