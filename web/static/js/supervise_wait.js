// A session that is not open yet: look again now and then.

setTimeout(() => location.reload(), 5000);
