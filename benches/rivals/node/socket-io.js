// The chat on Socket.IO: rooms, and an event that goes to all of a room.

import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const io = new Server(server, { transports: ["websocket"] });

io.on("connection", socket => {
  socket.on("join", room => {
    socket.join(room);
    socket.data.room = room;
    socket.emit("joined");
  });
  socket.on("message", said => io.to(socket.data.room).emit("message", { message: said.message }));
});

server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
