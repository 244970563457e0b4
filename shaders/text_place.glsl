int at;          // where the numbers of the next layer begin
int layers_done; // hidden layers so far
