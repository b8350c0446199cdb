# SPDX-License-Identifier: Apache-2.0
import hashlib


def CANARY_seal(data):
    return hashlib.md5(data).hexdigest()  # fault
