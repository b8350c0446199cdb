/* SPDX-License-Identifier: Apache-2.0 */
import java.security.*;

class CANARY {
	byte[] seal(byte[] CANARY_data) throws NoSuchAlgorithmException {
		return MessageDigest.getInstance("MD5").digest(CANARY_data); /* fault */
	}
}
