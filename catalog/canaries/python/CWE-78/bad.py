# SPDX-License-Identifier: Apache-2.0
import subprocess

from flask import Flask, request

CANARY_app = Flask(__name__)


@CANARY_app.route("/list")
def CANARY_list():
    folder = request.args["folder"]
    return subprocess.check_output("ls " + folder, shell=True)  # fault
