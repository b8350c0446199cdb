# SPDX-License-Identifier: Apache-2.0
import pickle

from flask import Flask, request

CANARY_app = Flask(__name__)


@CANARY_app.route("/load", methods=["POST"])
def CANARY_load():
    return str(pickle.loads(request.data))  # fault
