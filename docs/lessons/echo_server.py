# SPDX-License-Identifier: MIT
"""echo_server.py [PORT] - the echo server of the story. It has a fault; lesson 1 is about it.
故事里的回声服务器。它有一个毛病，第 1 课讲的就是它。"""
import socket
import sys

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 8888

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", PORT))
server.listen(5)  # at most so many wait for accept; how many really? lesson 4
#                   最多这么多个等着 accept；到底几个？见第 4 课

while True:
    connection, address = server.accept()  # one client at a time 一次只陪一个客户
    while True:
        data = connection.recv(1024)  # sleeps until something comes 没有话来就睡着
        if data.strip() == b"q":  # the client takes its leave 客户告辞
            break
        connection.sendall(data)  # the echo 回声
    connection.close()
